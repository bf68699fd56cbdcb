"""Where a person who has spoken to us in a chat can be reached again; the one table that names persons for longer.

An address is what its channel made of it, and only that channel reads it. Who has not spoken for long is dropped.
"""

import json
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Engine, Float, String, Table, Text, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.gateway.patience import soon
from bot.gateway.store import TABLES

KEEP = 400 * 86_400.0  # a completion holds for a year, and is then overdue
ADDRESSES = Table(
    "addresses",
    TABLES,
    Column("person", String(200), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("address", Text, nullable=False),
    Column("at", Float, nullable=False, index=True),
)


class Address(NamedTuple):
    """Where one person can be reached."""

    person: str
    channel: str
    address: dict[str, Any]


class Addresses:
    """The addresses of one installation. `now` gives the time in seconds."""

    def __init__(self, engine: Engine, now: Callable[[], float] = time.time) -> None:
        self.engine, self.now = engine, now

    async def note(self, person: str, channel: str, address: dict[str, Any]) -> None:
        """Keep where a person has just spoken to us.

        Raises:
            SQLAlchemyError: it could not be kept.
        """
        await soon(self.engine, self.write, person, channel, address)

    async def forget(self, person: str) -> None:
        """Drop a person's address.

        Raises:
            SQLAlchemyError: it could not be dropped.
        """
        await soon(self.engine, self.drop, ADDRESSES.c.person == person)

    async def of(self, person: str) -> Address | None:
        """Return a person's address; None where there is none."""
        return await soon(self.engine, self.read, ADDRESSES.c.person == person)

    async def latest(self, persons: Collection[str], channels: Collection[str]) -> Address | None:
        """Return where somebody who is known as these persons has spoken last, on one of these channels."""
        which = and_(ADDRESSES.c.person.in_(persons), ADDRESSES.c.channel.in_(channels))
        return await soon(self.engine, self.read, which)

    async def purge(self) -> None:
        """Drop the addresses of those who have not spoken for more than a year."""
        await soon(self.engine, self.drop, ADDRESSES.c.at < self.now() - KEEP)

    def write(self, person: str, channel: str, address: dict[str, Any]) -> None:
        """Write a person's row, or write it anew."""
        row = {"channel": channel, "address": json.dumps(address), "at": self.now()}
        with self.engine.begin() as open_:
            known = open_.execute(update(ADDRESSES).where(ADDRESSES.c.person == person).values(**row)).rowcount
        if not known:
            with suppress(IntegrityError), self.engine.begin() as open_:  # another gateway has just written it
                open_.execute(insert(ADDRESSES), {"person": person, **row})

    def read(self, which: ColumnElement[bool]) -> Address | None:
        """Read the newest row of a condition."""
        with self.engine.connect() as open_:
            row = open_.execute(select(ADDRESSES).where(which).order_by(ADDRESSES.c.at.desc())).first()
        return Address(row.person, row.channel, json.loads(row.address)) if row else None

    def drop(self, which: ColumnElement[bool]) -> None:
        """Drop the rows of a condition."""
        with self.engine.begin() as open_:
            open_.execute(delete(ADDRESSES).where(which))
