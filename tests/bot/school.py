"""A school in which training is due: a record behind a real server, the gateway's database, and two channels."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.gateway.addresses import Addresses
from bot.gateway.reminders import Reminders
from bot.gateway.standing import Standing
from bot.gateway.store import connect
from knowledge.clause import Policy
from knowledge.training.record import Record
from knowledge.training.record import connect as connect_record
from knowledge.training.scenario import load_scenarios
from knowledge.training.whereabouts import Whereabouts
from tests.actions.conftest import SAID, answering, passed
from tests.training.conftest import Clock

JO, SAM = "slack:T1:U1", "teams:tenant:object"
NEXT_TO_DUE = timedelta(days=340)
MONDAY_AT_NINE = datetime(2026, 4, 6, 9).astimezone()


class Channel:
    """A channel that keeps what it is asked to send; where it is broken, it fails afterwards."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, Any], str]] = []
        self.broken = False

    async def remind(self, address: dict[str, Any], text: str) -> None:
        """Keep what is to be sent."""
        self.told.append((address, text))
        if self.broken:
            raise OSError(f"{address} cannot be reached")


class School:
    """All of it; each gateway that is asked for has just been started."""

    def __init__(self, folder: Path, url: str, record: Record, clock: Clock) -> None:
        self.folder, self.url, self.record, self.clock = folder, url, record, clock
        self.slack, self.teams = Channel(), Channel()

    def gateway(self, url: str = "", channels: tuple[str, ...] = ("slack", "teams")) -> Reminders:
        """Return the reminders of a gateway."""
        engine = connect(f"sqlite:///{self.folder / 'gateway.db'}")
        addresses = Addresses(engine, self.clock.now.timestamp)
        open_ones = {name: getattr(self, name) for name in channels}
        return Reminders(engine, Standing(url or self.url, SAID), addresses, open_ones, lambda: MONDAY_AT_NINE)

    def look(self, *gateways: Reminders) -> None:
        """Have these gateways look at once; where none is named, a new one."""

        async def all_look() -> None:
            chosen = gateways or (self.gateway(),)
            await asyncio.gather(*(each.look() for each in chosen))
            await asyncio.gather(*(each.standing.close() for each in chosen))

        asyncio.run(all_look())

    def speaks(self, person: str = JO) -> None:
        """Have a person speak in their chat."""
        asyncio.run(self.gateway().addresses.note(person, person.partition(":")[0], {"place": f"chat of {person}"}))


@contextmanager
def school_at(folder: Path, policy: Policy) -> Iterator[School]:
    """A school in which Jo has passed a course that is due by now."""
    record = Record(connect_record(f"sqlite:///{folder / 'training.db'}"), b"a key of thirty-two bytes, or so", Clock())
    passed(record, JO)
    record.now.now += NEXT_TO_DUE
    with answering(Whereabouts(record, load_scenarios(), policy)) as url:
        yield School(folder, url, record, record.now)
