"""What every answer is held against: answered, in time, in our own form, and nothing in it that is another's."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

SILENCE = 15.0  # seconds
CANARY = re.compile(r"zq[a-z]{8}qz", re.IGNORECASE)
TRACE = re.compile(
    r"Traceback|File \"|site-packages|, line \d+|/work/|\b[A-Z]\w+(?:Error|Exception)\b|"
    r"sqlalchemy|pydantic|starlette|aiohttp|uvicorn|sanic\b",
)
OURS = (
    {"reply", "buttons", "closes"},
    {"error", "text"},
    {"token", "seconds"},
    {"forgotten", "everywhere"},
    {"status"},
    {"ready", "rasa", "actions"},
    {"ready", "rasa", "actions", "database"},
    {"error"},
    {"error", "reason"},
    {"challenge"},
)
LONGEST_PLAIN = 200
SERVED = ("text/javascript", "text/css", "image/svg", "application/pdf", "text/plain; version=")  # the last: /metrics
NOT_OFFERED = 501  # what Teams is told of an invoke; the Bot Framework asks for this very status
SERVER_FAULT = 500


@dataclass(frozen=True)
class Seen:
    """An answer: status 0 where the connection was closed without one, -1 where nothing came in time."""

    status: int
    seconds: float
    kind: str = ""
    body: str = ""


@dataclass
class Tally:
    """What has been seen: how many messages by entry and by status, and every fault with what was sent.

    `echoed` counts the answers that hold their own conversation's canary: without any, no foreign one could be found.
    """

    entries: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[tuple[str, str, str]] = field(default_factory=list)
    longest: float = 0.0
    echoed: int = 0

    @property
    def messages(self) -> int:
        """How many messages were sent."""
        return self.entries.total()

    def count(self, kind: str) -> int:
        """Return how many faults there were of a kind."""
        return sum(each[0] == kind for each in self.faults)

    def fault(self, kind: str, entry: str, about: object) -> None:
        """Note a fault."""
        self.faults.append((kind, entry, str(about)[:300]))

    def note(self, entry: str, sent: object, seen: Seen, own: str = "", *, may: tuple[int, ...] = ()) -> None:
        """Note an answer, and whatever is wrong with it.

        Args:
            entry: where it was sent.
            sent: what was sent, to be told of a fault.
            seen: what came back.
            own: the canary of the conversation that asked.
            may: the statuses that are right; without them any but a server's fault is.
        """
        self.entries[entry] += 1
        self.statuses[seen.status] += 1
        self.longest = max(self.longest, seen.seconds)
        self.echoed += bool(own) and own in seen.body
        about = f"{seen.status} {seen.body[:120]!r} to {sent!r}"
        for kind, wrong in (
            ("silence", seen.status < 0),
            ("5xx", seen.status >= SERVER_FAULT and seen.status != NOT_OFFERED),
            ("status", bool(may) and seen.status not in (*may, -1)),
            ("trace", not seen.kind.startswith(SERVED) and bool(TRACE.search(seen.body))),
            ("form", not is_ours(seen)),
            ("hijack", foreign(seen.body, own)),
        ):
            if wrong:
                self.fault(kind, entry, about)


def foreign(body: str, own: str) -> bool:
    """Say whether an answer holds the canary of another conversation."""
    return any(each.lower() != own.lower() for each in CANARY.findall(body))


def is_ours(seen: Seen) -> bool:
    """Say whether an answer has a form that Whatnow speaks in."""
    if not seen.body or seen.kind.startswith(SERVED):
        return True
    if seen.kind.startswith("application/json"):
        return is_our_json(seen.body)
    if seen.kind.startswith("text/html"):
        return "<html lang=" in seen.body
    return len(seen.body) < LONGEST_PLAIN


def is_our_json(body: str) -> bool:
    """Say whether JSON is one of our objects, or the messages of the REST channel."""
    try:
        found: Any = json.loads(body)
    except ValueError:
        return False
    if isinstance(found, list):
        return bool(found) and all(each.get("text") or each.get("custom") for each in found)
    return isinstance(found, dict) and set(found) in OURS
