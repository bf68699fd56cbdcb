"""What is counted, for Prometheus: /metrics, to callers on this machine or with the word that the settings give.

Labels are kinds, names and parts from fixed lists. None ever holds a text, a person, a conversation or a procedure: in
a small school a count by procedure tells what happened to whom. When a series began is not told either.
"""

import hmac
from collections.abc import Collection
from ipaddress import ip_address

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.gateway.refusal import Refusal
from bot.gateway.waiting import Waiting
from bot.gateway.watch import Seen

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
SURE = tuple(tenth / 10 for tenth in range(1, 11))
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")  # behind a proxy every caller looks local
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """Counts what is noticed; one in a gateway."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.turns = Counter(
            "whatnow_turns", "Turns, by how they ended.", ["channel", "outcome"], registry=self.registry
        )
        self.replies = Counter(
            "whatnow_replies", "Answers, by what they are.", ["channel", "kind", "urgency"], registry=self.registry
        )
        self.seconds = Histogram(
            "whatnow_turn_seconds",
            "How long a turn took, its waiting in line included.",
            ["channel"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.confidence = Histogram(
            "whatnow_confidence", "Confidence of the first match.", buckets=SURE, registry=self.registry
        )
        self.refusals = Counter("whatnow_refusals", "Refusals, by name.", ["name"], registry=self.registry)
        self.faults = Counter("whatnow_faults", "Faults, by the part that failed.", ["part"], registry=self.registry)
        self.reminders = Counter(
            "whatnow_reminders", "Reminders handed over.", ["channel", "arrived"], registry=self.registry
        )

    def turn(self, seen: Seen) -> None:
        """Count a turn; a kept answer that went out again counts as no new one."""
        self.turns.labels(seen.channel, seen.outcome).inc()
        if seen.outcome in {"answered", "down"}:
            self.seconds.labels(seen.channel).observe(seen.seconds)
        if seen.outcome == "answered":
            self.replies.labels(seen.channel, seen.kind, seen.urgency).inc()
            if seen.confidence is not None:
                self.confidence.observe(seen.confidence)

    def refusal(self, error: Refusal) -> None:
        """Count a refusal."""
        self.refusals.labels(error.name).inc()

    def fault(self, part: str, _: BaseException) -> None:
        """Count a fault."""
        self.faults.labels(part).inc()

    def reminder(self, channel: str, *, arrived: bool) -> None:
        """Count a reminder."""
        self.reminders.labels(channel, "yes" if arrived else "no").inc()

    def follow(self, engine: Engine, channels: Collection[str]) -> None:
        """Read these channels' inboxes at every look."""
        self.registry.register(Waiting(engine, channels))

    def told(self) -> bytes:
        """Return all that is counted, as Prometheus reads it."""
        return generate_latest(self.registry)


class MetricsPage:
    """The address of what is counted."""

    def __init__(self, metrics: Metrics, word: str) -> None:
        self.metrics, self.word = metrics, word

    def routes(self) -> list[Route]:
        """Return the address."""
        return [Route("/metrics", self.show)]

    async def show(self, request: Request) -> Response:
        """Show what is counted; to anybody else there is no such page.

        Raises:
            Refusal: the caller may not see it.
        """
        if not (is_local(request) or self.knows(request)):
            raise Refusal("missing")
        return Response(await run_in_threadpool(self.metrics.told), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def knows(self, request: Request) -> bool:
        """Say whether a caller knows the word; without a word set, nobody does."""
        said = request.headers.get("authorization", "")
        return bool(self.word) and hmac.compare_digest(said.encode(), f"Bearer {self.word}".encode())


def is_local(request: Request) -> bool:
    """Say whether a request comes from this machine itself and not by way of a proxy."""
    forwarded = any(name in request.headers for name in FORWARDED)
    return not forwarded and request.client is not None and ip_address(request.client.host).is_loopback
