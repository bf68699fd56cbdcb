"""What is noticed of turns, refusals, faults and reminders: told to whoever counts (metrics.py) or writes (logs.py).

The one seam for both. It hands on kinds, names and times, and never a text, a person or a procedure.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from bot.gateway.refusal import Down, Refusal, answer_refusal

KINDS = {"advice", "question", "emergency", "policy_text", "out_of_scope", "small_talk", "training", "record"}
URGENCIES = {"immediate", "today", "routine"}


@dataclass
class Seen:
    """One turn, as it is noticed.

    Attributes:
        channel: where it was taken.
        conversation: its id; no notice of it may be given with it.
        reply: the reply object, where there is one.
        again: whether the answer was the kept one of a message that was sent again.
        outcome: answered, again, refused, down or stopped.
        seconds: how long it took, its waiting in line included.
    """

    channel: str
    conversation: str
    reply: Mapping[str, Any] | None = None
    again: bool = False
    outcome: str = "answered"
    seconds: float = 0.0

    @property
    def kind(self) -> str:
        """The reply's type; only one of the contract's is ever told."""
        return known(self.reply, "type", KINDS)

    @property
    def urgency(self) -> str:
        """The reply's urgency, "none" where it has none."""
        return known(self.reply, "urgency", URGENCIES)

    @property
    def confidence(self) -> float | None:
        """How sure the engine was of its first match."""
        matches = (self.reply or {}).get("matches")
        return float(matches[0]["confidence"]) if matches else None


class Notices(Protocol):
    """Somebody who is told what was noticed."""

    def turn(self, seen: Seen) -> None:
        """Take notice of a turn that has ended."""

    def refusal(self, error: Refusal) -> None:
        """Take notice of a refusal that somebody is told."""

    def fault(self, part: str, error: BaseException) -> None:
        """Take notice of a fault."""

    def reminder(self, channel: str, *, arrived: bool) -> None:
        """Take notice of a reminder that was handed over, or was not."""


class Watch:
    """Tells everybody who takes notice; without any it costs nothing."""

    def __init__(self, *told: Notices, clock: Callable[[], float] = time.perf_counter) -> None:
        self.told, self.clock = told, clock

    @contextmanager
    def turn(self, channel: str, conversation: str) -> Iterator[Seen]:
        """Notice a turn from its beginning to its end, however it ends."""
        seen, began = Seen(channel, conversation), self.clock()
        try:
            yield seen
            seen.outcome = "again" if seen.again else "answered"
        except BaseException as error:
            seen.outcome = outcome_of(error)
            raise
        finally:
            seen.seconds = self.clock() - began
            for each in self.told:
                each.turn(seen)

    def ended_in(self, error: BaseException) -> None:
        """Notice what somebody is told in the place of an answer: a refusal, a fault, or one because of the other."""
        refused = isinstance(error, Refusal)
        fault = error.__cause__ if refused else error
        part = part_of(fault) or (None if refused else "gateway")
        for each in self.told:
            if isinstance(error, Refusal):
                each.refusal(error)
            if fault is not None and part is not None:
                each.fault(part, fault)

    async def answer(self, request: Request, error: Exception) -> Response:
        """Answer a refusal or a fault over HTTP, and notice it."""
        self.ended_in(error)
        return answer_refusal(request, error)

    def reminding(self, channels: Mapping[str, "Remindable"]) -> dict[str, "Reminding"]:
        """Return the channels as reminders use them, each reminder noticed."""
        return {name: Reminding(name, channel, self.told) for name, channel in channels.items()}


class Remindable(Protocol):
    """What a reminder is handed to."""

    async def remind(self, address: dict[str, Any], text: str) -> None:
        """Send some words to somebody's own chat."""


@dataclass(frozen=True)
class Reminding:
    """A channel whose reminders are noticed."""

    name: str
    channel: Remindable
    told: Sequence[Notices]

    async def remind(self, address: dict[str, Any], text: str) -> None:
        """Hand a reminder to the channel."""
        arrived = False
        try:
            await self.channel.remind(address, text)
            arrived = True
        finally:
            for each in self.told:
                each.reminder(self.name, arrived=arrived)


def known(reply: Mapping[str, Any] | None, field: str, values: set[str]) -> str:
    """Return a field of the reply where it is one of these values; never anything else that may stand there."""
    value = (reply or {}).get(field) or "none"
    return value if value in {*values, "none"} else "other"


def outcome_of(error: BaseException) -> str:
    """Return what a turn that ended in this came to."""
    if isinstance(error, Refusal):
        return "refused"
    return "stopped" if isinstance(error, (asyncio.CancelledError, GeneratorExit)) else "down"


def part_of(error: BaseException | None) -> str | None:
    """Return the part that failed; None where nothing says so."""
    if isinstance(error, SQLAlchemyError):
        return "database"
    return error.part if isinstance(error, Down) else None
