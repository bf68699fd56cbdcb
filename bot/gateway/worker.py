"""Work through a platform's events beside the loop that takes them: each held while it is worked on, until it is done.

What a chat channel shares: it hands over what to do with an event, and how to tell somebody the safe words. Where an
event cannot be kept, or a fault of ours keeps it from being answered, they go out once and at once. Nothing here knows
a platform.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.gateway.inbox import HELD, LONGEST_WAIT, Inbox, Job
from bot.gateway.told import Told
from bot.gateway.watch import Watch

LOOK_SECONDS, TELL_SECONDS = 3.0, 30
logger = logging.getLogger(__name__)


class Undelivered(Exception):
    """An answer could not be handed to the platform: it is tried again later."""


class Worker:
    """Works on one platform's events.

    Args:
        inbox: keeps them.
        carry_out: answers one and hands its answer over; it may raise Undelivered.
        safe: tells whoever sent one the safe words, as an answer would stand; it needs no database.
        watch: notices what kept an event from being answered.
    """

    def __init__(
        self,
        inbox: Inbox,
        carry_out: Callable[[str, Job], Awaitable[None]],
        safe: Callable[[Job], Awaitable[None]],
        watch: Watch,
    ) -> None:
        self.inbox, self.carry_out, self.safe, self.watch, self.told = inbox, carry_out, safe, watch, Told()
        self.working: dict[str, asyncio.Task[None]] = {}
        self.telling: set[asyncio.Task[None]] = set()
        self.answered: set[str] = set()  # and still in the inbox

    async def put(self, event: str, job: Job) -> None:
        """Keep an event that is new, and begin on it; the caller thanks the platform afterwards.

        Raises:
            SQLAlchemyError: it could not be kept, so it must not be thanked for.
        """
        try:
            is_new = await self.inbox.put(event, job)
        except SQLAlchemyError:
            self.begin_to_tell(event, job)
            raise
        if is_new:
            self.begin(event, job, 1)

    def begin(self, event: str, job: Job, tries: int) -> None:
        """Begin on an event."""
        self.working[event] = task = asyncio.create_task(self.work(event, job, tries))
        task.add_done_callback(lambda _: self.working.pop(event, None))

    async def work(self, event: str, job: Job, tries: int) -> None:
        """Answer an event, then drop its words; where that cannot be done it is taken up later, each time later."""
        holding = asyncio.create_task(self.keep_holding(event))
        try:
            await self.answer(event, job)
            await self.inbox.done(event)
            self.answered.discard(event)
        except Exception as error:  # noqa: BLE001  (whatever it is: tried again at once for ever, it would be worse)
            logger.warning("an answer on %s waits: %s", self.inbox.channel, type(error.__cause__ or error).__name__)
            holding.cancel()
            with contextlib.suppress(SQLAlchemyError):
                await self.inbox.leave(event, min(HELD * 2**tries, LONGEST_WAIT))
        finally:
            holding.cancel()

    async def answer(self, event: str, job: Job) -> None:
        """Answer an event, unless it is answered and could not be dropped; where that fails tell the safe words."""
        if event in self.answered:
            return
        try:
            await self.carry_out(event, job)
        except Undelivered:  # nor would the safe words be
            raise
        except Exception as error:
            self.watch.ended_in(error)
            self.begin_to_tell(event, job)
            raise
        self.answered.add(event)

    def begin_to_tell(self, event: str, job: Job) -> None:
        """Begin to tell whoever sent an event the safe words, where that is due."""
        if self.told.is_due(event, (job["user"], job.get("place"))):
            task = asyncio.create_task(self.tell(job))
            self.telling.add(task)
            task.add_done_callback(self.telling.discard)

    async def tell(self, job: Job) -> None:
        """Tell somebody the safe words; where that fails there is nothing else to say."""
        try:
            async with asyncio.timeout(TELL_SECONDS):
                await self.safe(job)
        except Exception as error:  # noqa: BLE001  (whatever it is)
            kind = type(error.__cause__ or error).__name__
            logger.warning("the safe words on %s did not arrive: %s", self.inbox.channel, kind)

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
        left = list(self.working)
        for task in [*self.working.values(), *self.telling]:
            task.cancel()
        await asyncio.gather(*map(self.inbox.leave, left), return_exceptions=True)  # a database may be down
