"""Remind those whose training is due or overdue, in the chat where they spoke last: once for each completion, in hours.

An occasion is written down before anything is sent, and only who wrote it sends: at most one reminder, over restarts
and any number of gateways. Who has never spoken to us is never written to. No name and no id is logged.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]
from apscheduler.triggers.date import DateTrigger  # type: ignore[import-untyped]
from sqlalchemy import Column, Engine, Float, String, Table, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.gateway.addresses import Address, Addresses
from bot.gateway.patience import soon
from bot.gateway.refusal import words
from bot.gateway.standing import Standing
from bot.gateway.store import TABLES

FIRST_HOUR, LAST_HOUR, SATURDAY = 8, 16, 5
AFTER_START = timedelta(minutes=1)
LATE_SECONDS, SEND_SECONDS = 600, 30
REMINDERS = Table(
    "reminders", TABLES, Column("occasion", String(64), primary_key=True), Column("at", Float, nullable=False)
)
logger = logging.getLogger(__name__)


class Remindable(Protocol):
    """What a reminder must know of a channel."""

    async def remind(self, address: dict[str, Any], text: str) -> None:
        """Send some words to somebody's own chat."""


class Reminders:
    """Looks every hour of a working day who is to be reminded. `now` gives the time, of this place."""

    def __init__(
        self,
        engine: Engine,
        standing: Standing,
        addresses: Addresses,
        channels: Mapping[str, Remindable],
        now: Callable[[], datetime] = lambda: datetime.now(UTC).astimezone(),
    ) -> None:
        self.engine, self.standing, self.addresses, self.channels, self.now = engine, standing, addresses, channels, now
        self.scheduler = AsyncIOScheduler()

    def start(self) -> None:
        """Look from now on: on the hour, and once after the start where that is within hours."""
        hours = CronTrigger(day_of_week="mon-fri", hour=f"{FIRST_HOUR}-{LAST_HOUR}", minute=0)
        self.scheduler.add_job(self.look, hours, misfire_grace_time=LATE_SECONDS, coalesce=True)
        first = self.now() + AFTER_START
        if in_hours(first):
            self.scheduler.add_job(self.look, DateTrigger(first), misfire_grace_time=None)
        self.scheduler.start()

    def stop(self) -> None:
        """Look no more."""
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)

    async def look(self) -> None:
        """Remind whoever is due and has not been reminded of it; what cannot be known now waits for the next look."""
        try:
            await self.addresses.purge()
            reminded = await soon(self.engine, self.reminded)
            for occasion, asked in by_occasion(await self.standing.due()).items():
                if occasion not in reminded:
                    await self.remind(occasion, asked)
        except SQLAlchemyError as error:
            logger.warning("reminders wait for the next look: %s", type(error).__name__)

    async def remind(self, occasion: str, asked: Sequence[dict[str, str]]) -> None:
        """Remind one learner, where they have spoken to us and nobody else is reminding them."""
        to = await self.addresses.latest([each["person"] for each in asked], self.channels.keys())
        if to is None:
            return
        if await soon(self.engine, self.claim, occasion):
            await self.send(to, text_of(asked[0]))

    async def send(self, to: Address, text: str) -> None:
        """Send a reminder; one that does not arrive is not sent again."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self.channels[to.channel].remind(to.address, text)
        except Exception as error:  # noqa: BLE001  (whatever one channel raises must not stop the next reminder)
            logger.warning("a reminder on %s did not arrive: %s", to.channel, type(error.__cause__ or error).__name__)

    def reminded(self) -> set[str]:
        """Return the occasions of which somebody has been reminded."""
        with self.engine.connect() as open_:
            return set(open_.execute(select(REMINDERS.c.occasion)).scalars())

    def claim(self, occasion: str) -> bool:
        """Write an occasion down; return False where somebody else has it."""
        try:
            with self.engine.begin() as open_:
                open_.execute(insert(REMINDERS), {"occasion": occasion, "at": self.now().timestamp()})
        except IntegrityError:
            return False
        return True


def in_hours(when: datetime) -> bool:
    """Say whether a time is one at which staff may be written to."""
    return when.weekday() < SATURDAY and FIRST_HOUR <= when.hour < LAST_HOUR


def by_occasion(due: Sequence[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Return what is due by its occasion: one learner may be known as several persons."""
    found: dict[str, list[dict[str, str]]] = {}
    for each in due:
        found.setdefault(each["occasion"], []).append(each)
    return found


def text_of(asked: Mapping[str, str]) -> str:
    """Return the words of a reminder."""
    until = date.fromisoformat(asked["until"])
    return str(words()[f"reminder_{asked['state']}"]["text"]).format(until=f"{until.day} {until:%B %Y}")
