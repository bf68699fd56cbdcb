"""Work through a platform's events beside the loop that takes them: each held while it is worked on, until it is done.

What a chat channel shares: it hands over what to do with an event. Nothing here knows a platform.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.gateway.inbox import HELD, Inbox, Job

LOOK_SECONDS, LONGEST_WAIT = 3.0, 600.0
logger = logging.getLogger(__name__)


class Undelivered(Exception):
    """An answer could not be handed to the platform: it is tried again later."""


class Worker:
    """Works on one platform's events; `carry_out` answers one and hands its answer over.

    It may raise Undelivered, and nothing else.
    """

    def __init__(self, inbox: Inbox, carry_out: Callable[[str, Job], Awaitable[None]]) -> None:
        self.inbox, self.carry_out = inbox, carry_out
        self.working: dict[str, asyncio.Task[None]] = {}

    async def put(self, event: str, job: Job) -> None:
        """Keep an event that is new, and begin on it; the caller thanks the platform afterwards.

        Raises:
            SQLAlchemyError: it could not be kept, so it must not be thanked for.
        """
        if await self.inbox.put(event, job):
            self.begin(event, job, 1)

    def begin(self, event: str, job: Job, tries: int) -> None:
        """Begin on an event."""
        self.working[event] = task = asyncio.create_task(self.work(event, job, tries))
        task.add_done_callback(lambda _: self.working.pop(event, None))

    async def work(self, event: str, job: Job, tries: int) -> None:
        """Answer an event, then drop its words; where that cannot be done it is taken up later, each time later."""
        holding = asyncio.create_task(self.keep_holding(event))
        try:
            await self.carry_out(event, job)
            await self.inbox.done(event)
        except Exception as error:  # noqa: BLE001  (whatever it is: tried again at once for ever, it would be worse)
            logger.warning("an answer on %s waits: %s", self.inbox.channel, type(error.__cause__ or error).__name__)
            holding.cancel()
            with contextlib.suppress(SQLAlchemyError):
                await self.inbox.leave(event, min(HELD * 2**tries, LONGEST_WAIT))
        finally:
            holding.cancel()

    async def keep_holding(self, event: str) -> None:
        """Hold an event while it is worked on, so that no other gateway takes it up."""
        while True:
            await asyncio.sleep(HELD / 3)
            with contextlib.suppress(SQLAlchemyError):
                await self.inbox.hold(event)

    async def keep_taking_up(self) -> None:
        """Go on, every few seconds, with what a stopped gateway left, and with what could not be handed over."""
        while True:
            with contextlib.suppress(SQLAlchemyError):
                for event, job, tries in await self.inbox.take_free():
                    self.begin(event, job, tries)
            await asyncio.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        """Stop; what is not answered is free at once for the next start."""
        for event, task in list(self.working.items()):
            task.cancel()
            with contextlib.suppress(SQLAlchemyError):
                await self.inbox.leave(event)
