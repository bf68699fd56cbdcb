"""What a chat platform has handed over and been thanked for: kept until it is answered, and taken once.

Platforms want their thanks within seconds and send again where they miss it. So an event is written down first; its
words are dropped as soon as it is answered, and what a stopped gateway left is taken up at its next start.
"""

import json
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.gateway.store import INBOX


class Inbox:
    """The events of one platform."""

    def __init__(self, engine: Engine, channel: str, now: Callable[[], float] = time.time) -> None:
        self.engine, self.channel, self.now = engine, channel, now

    def put(self, event: str, job: dict[str, Any]) -> bool:
        """Keep an event; return False where it has come before."""
        row = {"channel": self.channel, "event": event, "job": json.dumps(job), "at": self.now()}
        try:
            with self.engine.begin() as open_:
                open_.execute(insert(INBOX), row)
        except IntegrityError:
            return False
        return True

    def done(self, event: str) -> None:
        """Drop an event's words; that it came is kept, so that it is not taken again."""
        with self.engine.begin() as open_:
            open_.execute(update(INBOX).where(*self.which(event)).values(job=None))

    def waiting(self) -> list[tuple[str, dict[str, Any]]]:
        """Return what has not been answered yet, in the order it came."""
        chosen = select(INBOX.c.event, INBOX.c.job).where(INBOX.c.channel == self.channel, INBOX.c.job.is_not(None))
        with self.engine.connect() as open_:
            rows = open_.execute(chosen.order_by(INBOX.c.at)).all()
        return [(row.event, json.loads(row.job)) for row in rows]

    def which(self, event: str) -> tuple[Any, ...]:
        """Return the condition that names one event."""
        return INBOX.c.channel == self.channel, INBOX.c.event == event
