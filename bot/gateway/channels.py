"""The chat platforms that the settings open, each with its own inbox; the gateway starts and stops them together."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, Protocol

from starlette.routing import Route

from bot.gateway import slack, teams
from bot.gateway.addresses import Addresses
from bot.gateway.chat import Chat
from bot.gateway.inbox import Inbox
from bot.gateway.limits import Limits
from bot.gateway.line import Line
from bot.gateway.standing import Standing
from bot.gateway.store import Store
from bot.gateway.turns import Turns
from bot.gateway.watch import Watch
from bot.gateway.worker import Worker
from bot.secret import inbox_key
from bot.settings import Settings


class Channel(Protocol):
    """What every chat platform offers."""

    worker: Worker

    def routes(self) -> list[Route]:
        """Return its addresses."""

    async def remind(self, address: dict[str, Any], text: str) -> None:
        """Send some words to somebody's own chat."""


class Channels:
    """Makes them from the settings."""

    def __init__(  # noqa: PLR0913, PLR0917  (all that every channel stands on)
        self, settings: Settings, secret: bytes, line: Line, store: Store, limits: Limits, watch: Watch
    ) -> None:
        self.settings, self.secret, self.line, self.store, self.limits = settings, secret, line, store, limits
        self.watch = watch
        self.addresses = Addresses(store.engine)

    def open(self, standing: Standing) -> dict[str, Channel]:
        """Return the channels that are set up, by name."""
        found: dict[str, Channel] = {}
        if self.settings.slack:
            found[slack.CHANNEL] = slack.Slack(self.settings, *self.parts(slack.CHANNEL), self.addresses, standing)
        if self.settings.teams:
            found[teams.CHANNEL] = teams.Teams(self.settings, *self.parts(teams.CHANNEL), self.addresses)
        return found

    def parts(self, channel: str) -> tuple[Chat, Inbox]:
        """Return what a channel answers with, and what it keeps events in."""
        chat = Chat(self.settings, Turns(self.line, self.store, channel, self.watch), self.limits)
        return chat, Inbox(self.store.engine, channel, inbox_key(self.secret))


@contextlib.asynccontextmanager
async def at_work(channels: dict[str, Channel]) -> AsyncIterator[None]:
    """Have the channels take up what is left over, until the gateway stops."""
    taking = [asyncio.create_task(each.worker.keep_taking_up()) for each in channels.values()]
    yield
    for task in taking:
        task.cancel()
    for each in channels.values():
        await each.worker.close()
