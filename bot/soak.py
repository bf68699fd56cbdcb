"""`make soak`: so many turns through the gateway, and whether the memory of any process grows by them.

Some hundred conversations at a time, each longer or shorter, new ones in the place of those that end. Resident memory
is read every so many turns; a line is fitted after a warm-up. Exits with 1 where a turn failed or memory is not flat.
Conversations are kept for seconds here and not for a day: what is kept is no leak (`--hours 24` shows what it takes).
"""

import argparse
import random
import signal
import statistics
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Tuple

import httpx
from rich.console import Console
from rich.table import Table

from bot.bench import begin_session, memory
from bot.process import interrupted
from bot.servers import apart, everything
from bot.settings import Settings

EVERY, WARM = 250, 0.1  # turns between two readings; the part of all turns that is no more than warm-up
OPEN, AT_ONCE = 300, 4  # conversations at a time, and people who speak at the same moment
LENGTHS = (1, 3, 8, 20, 60, 200)  # turns until a conversation ends, the long ones among them
KEPT = 0.005  # hours: eighteen seconds, so that as many conversations go as come, as they would in a day
FLAT = 1.0  # megabytes per thousand turns that are still called flat
THOUSAND = 1000
SAID = (
    *("a parent added me on facebook last night", "someone sent me a friend request", "thanks", "show me the clause"),
    *("kids made a fake account of me", "why?", "what is a designated officer", "repeat that", "I told my manager"),
    *("start training", "2", "stop training", "hello", "a pupil sent me a nude", "what should i do about the weather"),
)


@dataclass
class Found:
    """What a soak has found: milliseconds of every turn, failures, and readings of (turns, megabytes) by process."""

    waits: List[float] = field(default_factory=list)
    failures: List[str] = field(default_factory=list)
    readings: Dict[str, List[Tuple[int, float]]] = field(default_factory=dict)

    def read(self, settings: Settings) -> None:
        """Read every process's memory, and what they have together."""
        used = memory(settings)
        for name, size in {**used, "together": sum(used.values())}.items():
            self.readings.setdefault(name, []).append((len(self.waits), size))

    def slopes(self) -> Dict[str, float]:
        """Return by how many megabytes each process grows with a thousand turns, the warm-up left out."""
        return {name: slope(warmed(read, len(self.waits))) for name, read in self.readings.items()}


def warmed(read: List[Tuple[int, float]], turns: int) -> List[Tuple[int, float]]:
    """Return the readings that were taken after the warm-up."""
    return [each for each in read if each[0] >= turns * WARM]


def slope(read: List[Tuple[int, float]]) -> float:
    """Return the slope of the line through the readings, for a thousand turns."""
    turns, sizes = [each[0] for each in read], [each[1] for each in read]
    return statistics.linear_regression(turns, sizes).slope * THOUSAND


class Person:
    """Somebody with one conversation after the other, each of some length."""

    def __init__(self, http: httpx.Client, chance: random.Random) -> None:
        self.http, self.chance, self.left = http, chance, 0
        self.headers: Dict[str, str] = {}

    def turn(self) -> Tuple[float, str]:
        """Take one turn; return its milliseconds, and what went wrong."""
        if not self.left:
            self.headers, self.left = begin_session(self.http), self.chance.choice(LENGTHS)
        self.left -= 1
        sent = {"key": uuid.uuid4().hex, "text": self.chance.choice(SAID)}
        began = time.perf_counter()
        answered = self.http.post("/api/say", json=sent, headers=self.headers)
        wrong = "" if answered.is_success else f"{answered.status_code} to {sent['text']!r}: {answered.text[:200]}"
        return (time.perf_counter() - began) * 1000, wrong


def soak(settings: Settings, turns: int, *, every: int = EVERY, console: Console) -> Found:
    """Take so many turns, and read the memory after each `every`."""
    found, chance = Found(), random.Random(turns)  # noqa: S311
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    with httpx.Client(base_url=settings.gateway_url, timeout=60, limits=limits) as http:
        people = [Person(http, random.Random(n)) for n in range(OPEN)]  # noqa: S311
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while len(found.waits) < turns:
                found.read(settings)
                speaking = chance.sample(
                    range(OPEN), min(every, turns - len(found.waits))
                )  # each once: turns are in order
                for wait, wrong in pool.map(lambda n: people[n].turn(), speaking):
                    found.waits.append(wait)
                    found.failures += [wrong] if wrong else []
                sizes = {name: round(read[-1][1]) for name, read in found.readings.items()}
                console.print(f"{len(found.waits)} turns, megabytes: {sizes}")
        found.read(settings)
    return found


def show(console: Console, found: Found, asked: int) -> None:
    """Print what was found."""
    grid = Table("process", "MB at first", "MB at last", "MB per 1,000 turns")
    for name, each in found.slopes().items():
        read = found.readings[name]
        grid.add_row(name, f"{warmed(read, len(found.waits))[0][1]:.1f}", f"{read[-1][1]:.1f}", f"{each:+.2f}")
    waits = Table("turns", "median ms", "p95 ms")
    part = min(THOUSAND, asked // 2)
    for name, some in ((f"first {part}", found.waits[:part]), (f"last {part}", found.waits[-part:])):
        waits.add_row(name, f"{statistics.median(some):.0f}", f"{statistics.quantiles(some, n=20)[18]:.0f}")
    console.print(grid, waits)
    console.print(f"{len(found.waits)} turns, {len(found.failures)} failed", *found.failures[:10], sep="\n")


def main() -> None:
    """Soak, and exit with what was found."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("turns", type=int, nargs="?", default=10_000)
    parser.add_argument("--hours", type=float, default=KEPT)
    asked, console = parser.parse_args(), Console()
    free = "1000000 per second"  # people are slower than this; it is the memory that is asked about
    limits = {"each_address": free, "each_conversation": free, "keep_hours": asked.hours}
    settings = apart(Path(tempfile.mkdtemp(prefix="whatnow-")), **limits)
    signal.signal(signal.SIGTERM, interrupted)
    with everything(settings):
        found = soak(settings, asked.turns, console=console)
    show(console, found, asked.turns)
    sys.exit(1 if found.failures or max(found.slopes().values()) >= FLAT else 0)


if __name__ == "__main__":
    main()
