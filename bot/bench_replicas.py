"""Run `make bench-replicas`: the turns a second of one of each part and of two, and what the processor is busy with.

Both sets run at the same time over the same PostgreSQL and Redis and are asked by turns, so that the ratio holds on any
machine; nothing here is part of a test. It needs three Rasas' memory, about four gigabytes in all.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Tuple

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from bot.bench import TEXT, begin_session, say
from bot.process import start, stop, wait_for
from bot.replicas import free_ports
from bot.settings import PROJECT, Settings

ROUNDS, SECONDS, CALLERS = 5, 8.0, 8
TEXTS = {"a situation": TEXT, "small talk": "hello"}
SCRIPT = str(PROJECT / "deploy" / "databases.sh")
KINDS = {"rasa run": "Rasa", "actions.serve": "action servers", "bot.gateway.serve": "gateways", "nginx": "proxy"}
LIMITS = {"WHATNOW_EACH_ADDRESS": "100000 per second", "WHATNOW_EACH_CONVERSATION": "1000 per second"}


class Round(NamedTuple):
    """What one round gave: turns a second, and the cores that each kind of process used."""

    rate: float
    cores: Dict[str, float]


@contextmanager
def databases() -> Iterator[Dict[str, str]]:
    """Start a PostgreSQL and a Redis of our own; give the settings that name them."""
    postgresql, redis = free_ports(2)
    folder = f"/tmp/whatnow-bench-{os.getpid()}"  # noqa: S108  (PostgreSQL's user must reach it)
    ports = {"WHATNOW_POSTGRESQL_PORT": str(postgresql), "WHATNOW_REDIS_PORT": str(redis)}
    try:
        said = subprocess.run(
            [SCRIPT, "start", folder], env={**os.environ, **ports}, check=True, stdout=subprocess.PIPE
        )
        lines = [line.removeprefix("export ").split("=", 1) for line in said.stdout.decode().splitlines()]
        yield dict(lines)
    finally:
        subprocess.run([SCRIPT, "stop", folder], check=False)
        subprocess.run(["/bin/rm", "-rf", folder], check=True)


@contextmanager
def replicas(count: int, urls: Dict[str, str], folder: Path) -> Iterator[Settings]:
    """Run so many of each part."""
    door, rasa, actions = free_ports(3)
    settings = Settings(port=door, rasa_port=rasa, actions_port=actions, state=folder / str(count))
    ports = {"WHATNOW_PORT": str(door), "WHATNOW_RASA_PORT": str(rasa), "WHATNOW_ACTIONS_PORT": str(actions)}
    counts = [f"--{kind}={count}" for kind in ("gateways", "rasa", "actions")]
    environment = {**urls, **ports, **LIMITS, "WHATNOW_STATE": str(settings.state)}
    process = start([sys.executable, "-m", "bot.replicas", *counts], **environment)
    try:
        wait_for(f"{settings.gateway_url}/health", process)
        yield settings
    finally:
        stop([process])


def used() -> Counter[str]:
    """Return the processor seconds that each kind of process has used."""
    found: Counter[str] = Counter()
    for each in psutil.process_iter(["name", "cmdline", "cpu_times"]):
        line, spent = " ".join(each.info["cmdline"] or []), each.info["cpu_times"]
        kind = next((kind for words, kind in KINDS.items() if words in line), None)
        kind = kind or {"postgres": "PostgreSQL", "redis-server": "Redis"}.get(each.info["name"])
        kind = "the caller" if each.pid == os.getpid() else kind
        if kind and spent:
            found[kind] += spent.user + spent.system
    return found


def caller(settings: Settings, text: str, until: float) -> int:
    """Say the text in one conversation after the other until the time is up; return how often it was answered."""
    turns = 0
    with httpx.Client(base_url=settings.gateway_url, timeout=60) as client:
        while time.monotonic() < until:
            say(client, begin_session(client), text)
            turns += 1
    return turns


def one_round(settings: Settings, text: str, seconds: float = SECONDS) -> Round:
    """Have all callers ask at once."""
    before, began = used(), time.monotonic()
    with ThreadPoolExecutor(CALLERS) as pool:
        turns = sum(pool.map(lambda _: caller(settings, text, began + seconds), range(CALLERS)))
    took = time.monotonic() - began
    return Round(turns / took, {kind: spent / took for kind, spent in (used() - before).items()})


def rounds(one: Settings, two: Settings, text: str) -> List[Tuple[Round, Round]]:
    """Return the rounds of both sets, which take turns."""
    one_round(one, text, 2), one_round(two, text, 2)
    return [(one_round(one, text), one_round(two, text)) for _ in range(ROUNDS)]


def show(console: Console, name: str, found: List[Tuple[Round, Round]]) -> None:
    """Print what the rounds gave."""
    ratios = [two.rate / one.rate for one, two in found]
    grid = Table(f"{name}: {CALLERS} callers at once", "one of each", "two of each")
    for title, pick in (("median", statistics.median), ("least", min), ("most", max)):
        grid.add_row(f"turns a second, {title}", *(f"{pick([pair[n].rate for pair in found]):.1f}" for n in (0, 1)))
    kinds = sorted({kind for pair in found for each in pair for kind in each.cores})
    for kind in kinds:
        grid.add_row(
            f"cores: {kind}", *(f"{statistics.mean(p[n].cores.get(kind, 0) for p in found):.2f}" for n in (0, 1))
        )
    grid.add_row(
        "cores: all of these", *(f"{statistics.mean(sum(p[n].cores.values()) for p in found):.2f}" for n in (0, 1))
    )
    console.print(grid)
    console.print(f"two against one: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})\n")


def main() -> None:
    """Start both sets, ask them by turns, print."""
    console = Console()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = stack.enter_context(databases())
        one, two = (stack.enter_context(replicas(count, urls, folder)) for count in (1, 2))
        console.print(f"{psutil.cpu_count()} cores; {ROUNDS} rounds of {SECONDS:.0f} seconds each, by turns")
        for name, text in TEXTS.items():
            show(console, name, rounds(one, two, text))


if __name__ == "__main__":
    main()
