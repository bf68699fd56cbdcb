"""What a chat platform has handed over and been thanked for: kept until it is answered, and taken by one at a time.

Platforms want their thanks within seconds and send again where they miss it. So an event is written down first, locked
with the installation's key; its words are dropped as soon as it is answered. Whoever works on an event holds it for
some seconds and goes on holding; what a stopped gateway held is free again soon, for its next start or for another one.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Engine, Row, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.gateway.patience import soon
from bot.gateway.store import INBOX

HELD, LONGEST_WAIT, AT_ONCE = 10.0, 600.0, 50
logger = logging.getLogger(__name__)
Job = dict[str, Any]


class Inbox:
    """The events of one platform. `now` gives the time in seconds."""

    def __init__(self, engine: Engine, channel: str, key: bytes, now: Callable[[], float] = time.time) -> None:
        self.engine, self.channel, self.locked, self.now = engine, channel, Fernet(key), now

    async def put(self, event: str, job: Job) -> bool:
        """Keep an event, held by whoever puts it; return False where it has come before."""
        return await soon(self.engine, self.keep, event, job)

    def keep(self, event: str, job: Job) -> bool:
        """Write an event down."""
        at, locked = self.now(), self.locked.encrypt(json.dumps(job).encode())
        row = {"channel": self.channel, "event": event, "job": locked, "at": at, "until": at + HELD, "tries": 1}
        try:
            with self.engine.begin() as open_:
                open_.execute(insert(INBOX), row)
        except IntegrityError:
            return False
        return True

    async def hold(self, event: str) -> None:
        """Go on holding an event."""
        await soon(self.engine, self.change, event, until=self.now() + HELD)

    async def leave(self, event: str, seconds: float = 0) -> None:
        """Leave an event to whoever takes it up, not before so many seconds have gone."""
        await soon(self.engine, self.change, event, until=self.now() + seconds)

    async def done(self, event: str) -> None:
        """Drop an event's words; that it came is kept, so that it is not taken again."""
        await soon(self.engine, self.change, event, job=None)

    def change(self, event: str, **values: Any) -> None:
        """Change an event's row."""
        with self.engine.begin() as open_:
            open_.execute(update(INBOX).where(*self.which(event)).values(**values))

    async def take_free(self) -> list[tuple[str, Job, int]]:
        """Return what nobody holds and nobody has answered, with how often it was tried, oldest first.

        It is held from now on, by the caller. It is never more than can be taken hold of before patience ends.
        """
        return await soon(self.engine, self.take)

    def take(self) -> list[tuple[str, Job, int]]:
        """Take hold of what is free."""
        now = self.now()
        free = or_(INBOX.c.until < now, INBOX.c.until > now + 2 * LONGEST_WAIT)  # or held before a clock was set back
        chosen = select(INBOX).where(INBOX.c.channel == self.channel, INBOX.c.job.is_not(None), free)
        with self.engine.connect() as open_:
            rows = open_.execute(chosen.order_by(INBOX.c.at).limit(AT_ONCE)).all()
        jobs = [(row.event, self.read(row), row.tries) for row in rows if self.mine(row, now)]
        return [(event, job, tries) for event, job, tries in jobs if job is not None]

    def read(self, row: Row[Any]) -> Job | None:
        """Return an event's job, unlocked; what another secret has locked is dropped, since nobody can read it."""
        try:
            job: Job = json.loads(self.locked.decrypt(row.job))
        except InvalidToken:
            logger.warning("an event on %s was locked with another secret and is dropped", self.channel)
            self.change(row.event, job=None)
            return None
        return job

    def mine(self, row: Row[Any], now: float) -> bool:
        """Take hold of one event; False where another was quicker."""
        held = update(INBOX).where(*self.which(row.event), INBOX.c.until == row.until, INBOX.c.job.is_not(None))
        with self.engine.begin() as open_:
            return open_.execute(held.values(until=now + HELD, tries=row.tries + 1)).rowcount == 1

    def which(self, event: str) -> tuple[Any, ...]:
        """Return the condition that names one event."""
        return INBOX.c.channel == self.channel, INBOX.c.event == event
