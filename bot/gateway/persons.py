"""In which conversations a person on a chat platform is: so that all that is held of one person can be found.

The other tables know a conversation by its key only. A row goes when everything of its conversation has gone.
"""

import time
from collections.abc import Callable, Collection
from contextlib import suppress

from sqlalchemy import Column, Engine, Float, String, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.gateway.patience import soon
from bot.gateway.store import TABLES

PERSONS_AT = Table(
    "persons_at",
    TABLES,
    Column("person", String(200), primary_key=True),
    Column("conversation", String(64), primary_key=True),
    Column("at", Float, nullable=False, index=True),
)


class Persons:
    """The persons of one installation. `now` gives the time in seconds."""

    def __init__(self, engine: Engine, now: Callable[[], float] = time.time) -> None:
        self.engine, self.now = engine, now

    async def note(self, person: str, conversation: str) -> None:
        """Keep that a person speaks in a conversation now.

        Raises:
            SQLAlchemyError: it could not be kept.
        """
        await soon(self.engine, self.write, person, conversation)

    def write(self, person: str, conversation: str) -> None:
        """Write a row, or its time anew."""
        at = self.now()
        known = update(PERSONS_AT).where(PERSONS_AT.c.person == person, PERSONS_AT.c.conversation == conversation)
        with self.engine.begin() as open_:
            found = open_.execute(known.values(at=at)).rowcount
        if not found:
            row = {"person": person, "conversation": conversation, "at": at}
            with suppress(IntegrityError), self.engine.begin() as open_:  # another gateway has just written it
                open_.execute(insert(PERSONS_AT), row)

    def conversations(self, persons: Collection[str]) -> list[str]:
        """Return the conversations of somebody who is known as these persons."""
        chosen = select(PERSONS_AT.c.conversation).where(PERSONS_AT.c.person.in_(persons))
        with self.engine.connect() as open_:
            return sorted(set(open_.execute(chosen).scalars()))

    def drop(self, conversations: Collection[str]) -> None:
        """Drop who was in these conversations."""
        with self.engine.begin() as open_:
            open_.execute(delete(PERSONS_AT).where(PERSONS_AT.c.conversation.in_(conversations)))

    def purge(self, seconds: float) -> None:
        """Drop who has not spoken for longer than this."""
        with self.engine.begin() as open_:
            open_.execute(delete(PERSONS_AT).where(PERSONS_AT.c.at < self.now() - seconds))
