"""What waits in the inboxes, read from the database whenever Prometheus asks. It opens no event and changes nothing."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.gateway.patience import soon
from bot.gateway.store import INBOX


class Waiting(Collector):
    """The events of some channels that are not yet answered. `now` gives the time in seconds."""

    def __init__(self, engine: Engine, channels: Collection[str], now: Callable[[], float] = time.time) -> None:
        self.engine, self.channels, self.now = engine, channels, now

    def describe(self) -> list[Metric]:
        """Return the names alone: to register reads no database."""
        return list(gauges())

    def collect(self) -> Iterator[Metric]:
        """Yield how many wait, and since when; nothing of it where the database is down. A loop cannot ask for it."""
        count, oldest = gauges()
        with suppress(SQLAlchemyError):
            since, now = asyncio.run(soon(self.engine, self.since)), self.now()
            for channel in self.channels:
                waiting, first = since.get(channel, (0, now))
                count.add_metric([channel], waiting)
                oldest.add_metric([channel], max(0.0, now - first))
        yield from (count, oldest)

    def since(self) -> dict[str, tuple[int, float]]:
        """Return by channel how many events wait, and when the oldest came."""
        waiting = select(INBOX.c.channel, func.count(), func.min(INBOX.c.at)).where(INBOX.c.job.is_not(None))
        with self.engine.connect() as open_:
            rows = open_.execute(waiting.group_by(INBOX.c.channel)).all()
        return {channel: (count, first) for channel, count, first in rows}


def gauges() -> tuple[GaugeMetricFamily, GaugeMetricFamily]:
    """Return both gauges, empty."""
    return (
        GaugeMetricFamily("whatnow_inbox_waiting", "Events that are not yet answered.", labels=["channel"]),
        GaugeMetricFamily("whatnow_inbox_oldest_seconds", "How long the oldest has waited.", labels=["channel"]),
    )
