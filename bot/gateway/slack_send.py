"""Hand messages to Slack: patient where it asks for patience, plainer where it takes no blocks, never seen by others.

What Slack will never take is told apart from what it may take later. It draws nothing.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler, AsyncServerErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.gateway.slack_card import words
from bot.gateway.worker import Undelivered
from bot.settings import Settings

TRIES = 5
HOPELESS = {
    *("account_inactive", "token_revoked", "user_not_found", "user_disabled", "users_not_found"),
    *("channel_not_found", "is_archived", "cannot_dm_bot", "not_enabled"),
}
NOT_THERE = {"not_in_channel", "channel_not_found", "user_not_in_channel"}
TOO_RICH = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}
Message = dict[str, Any]


class Unreachable(Exception):
    """Nobody can be reached there, now or later."""


class Sender:
    """Sends as one Slack app; `tries` are made at once where Slack asks for patience or fails."""

    def __init__(self, settings: Settings, tries: int = TRIES) -> None:
        self.client = AsyncWebClient(
            settings.slack_bot_token,
            base_url=settings.slack_api,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(tries), AsyncServerErrorRetryHandler(tries)],
        )

    async def post(self, job: dict[str, Any], draw: Callable[[str], Message]) -> None:
        """Post an answer: in a direct message as it is, in a room so that nobody else sees it, and saying so.

        Where we are not in the room, it goes to the person's own chat with us.

        Args:
            job: `place`, `user`, whether the place is a `room`, and the `thread` in it.
            draw: returns the message with a note on it.
        """
        where = {"channel": job["place"]} | ({"thread_ts": job["thread"]} if job.get("thread") else {})
        try:
            if job["room"]:
                await self.say(self.client.chat_postEphemeral, draw(words()["private"]), user=job["user"], **where)
            else:
                await self.tell(draw(""), **where)
        except SlackApiError as error:
            if reason(error) not in NOT_THERE:
                raise
            await self.tell(draw(words()["elsewhere"]), channel=await self.open(job["user"]))

    async def tell(self, message: Message, **where: str) -> None:
        """Post a message in a chat, with no preview of any page."""
        await self.say(self.client.chat_postMessage, message, unfurl_links=False, unfurl_media=False, **where)

    async def say(self, method: Callable[..., Any], message: Message, **where: Any) -> None:
        """Post a message; its words alone where Slack does not take its blocks."""
        try:
            await method(**message, **where)
        except SlackApiError as error:
            if reason(error) not in TOO_RICH or "blocks" not in message:
                raise
            await method(text=message["text"], **where)

    async def open(self, user: str) -> str:
        """Return the place of a person's own chat with us."""
        return str((await self.client.conversations_open(users=user))["channel"]["id"])

    async def publish(self, user: str, view: Message) -> None:
        """Show a person their home."""
        await self.client.views_publish(user_id=user, view=view)


@contextlib.contextmanager
def reaching() -> Iterator[None]:
    """Tell apart what goes wrong on the way to Slack.

    Raises:
        Unreachable: it will never go.
        Undelivered: it may go later.
    """
    try:
        yield
    except SlackApiError as error:
        raise (Unreachable(reason(error)) if reason(error) in HOPELESS else Undelivered) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Undelivered from error


def reason(error: SlackApiError) -> str:
    """Return why Slack refused, in its own word; empty where it gave none, being down."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""
