"""Run `make bench-replicas`: the turns a second of one of each part and of two, and what the processor is busy with.

Both sets run at the same time over the same PostgreSQL and Redis and are asked by turns, so that the ratio holds on any
machine; nothing here is part of a test. Where one set fills the machine, two can show no more: so each replica is also
held to a share of a core, as if it had a machine of its own. It needs three Rasas' memory, about four gigabytes in all.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Callable, ContextManager, Dict, Iterator, List, NamedTuple, Sequence, Tuple

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from bot.bench import TEXT, begin_session, say
from bot.databases import databases
from bot.process import start, stop, wait_for
from bot.replicas import free_ports
from bot.settings import Settings
from bot.share import held

ROUNDS, SECONDS, CALLERS, SHARE = 5, 8.0, 8, 0.5
WARM = 2.0  # seconds of the first round, which is not counted
TEXTS = {"a situation": TEXT, "small talk": "hello"}
KINDS = {"rasa run": "Rasa", "actions.serve": "action servers", "bot.gateway.serve": "gateways", "nginx": "proxy"}
HELD = ("rasa run", "actions.serve", "bot.gateway.serve")  # what a replica is made of; the proxy is shared
LIMITS = {"WHATNOW_EACH_ADDRESS": "100000 per second", "WHATNOW_EACH_CONVERSATION": "1000 per second"}


class Round(NamedTuple):
    """What one round gave: turns a second, and the cores that each kind of process used."""

    rate: float
    cores: Dict[str, float]

    @property
    def used(self) -> float:
        """The cores used in all."""
        return sum(self.cores.values())


class Replicas(NamedTuple):
    """A replica set as it runs: where it is heard, and the process that started its parts."""

    settings: Settings
    process: psutil.Process


Pair = Tuple[Round, Round]
Ways = Dict[str, Callable[[], ContextManager[None]]]


@contextmanager
def replicas(count: int, urls: Dict[str, str], folder: Path) -> Iterator[Replicas]:
    """Run so many of each part."""
    door, rasa, actions = free_ports(3)
    settings = Settings(port=door, rasa_port=rasa, actions_port=actions, state=folder / str(count))
    ports = {"WHATNOW_PORT": str(door), "WHATNOW_RASA_PORT": str(rasa), "WHATNOW_ACTIONS_PORT": str(actions)}
    counts = [f"--{kind}={count}" for kind in ("gateways", "rasa", "actions")]
    patient = {"WHATNOW_TURN_SECONDS": "30"}  # a turn that is refused since many wait would end the bench
    environment = {**urls, **ports, **LIMITS, **patient, "WHATNOW_STATE": str(settings.state)}
    process = start([sys.executable, "-m", "bot.replicas", *counts], None, **environment)
    try:
        wait_for(f"{settings.gateway_url}/health", process)
        yield Replicas(settings, psutil.Process(process.pid))
    finally:
        stop([process])


def each_replica(process: psutil.Process) -> List[Tuple[int, ...]]:
    """Return what each replica is made of: the first of each kind, the second of each, and so on."""
    parts = [(each.pid, " ".join(each.cmdline())) for each in process.children()]
    return list(zip(*([pid for pid, line in parts if words in line] for words in HELD), strict=True))


@contextmanager
def all_held(sets: List[Replicas], share: float) -> Iterator[None]:
    """Hold each replica to such a share of one core.

    Raises:
        RuntimeError: this machine does not allow it.
    """
    with ExitStack() as stack:
        for pids in (pids for each in sets for pids in each_replica(each.process)):
            stack.enter_context(held(pids, share))
        yield


def ways(console: Console, sets: List[Replicas], share: float) -> Ways:
    """Return the ways to measure, by name; where one is not possible here, say so and why."""
    found: Ways = {"unlimited": nullcontext}
    try:
        with all_held(sets, share):
            found[f"each replica held to {share:.2f} of a core"] = partial(all_held, sets, share)
    except RuntimeError as error:
        console.print(f"Not measured, each replica held to {share:.2f} of a core: {error}")
    return found


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


def one_round(settings: Settings, text: str, callers: int, seconds: float) -> Round:
    """Have all callers ask at once."""
    before, began = used(), time.monotonic()
    with ThreadPoolExecutor(callers) as pool:
        turns = sum(pool.map(lambda _: caller(settings, text, began + seconds), range(callers)))
    took = time.monotonic() - began
    return Round(turns / took, {kind: spent / took for kind, spent in (used() - before).items()})


def rounds(sets: List[Replicas], text: str, callers: int, measured: Ways) -> Dict[str, List[Pair]]:
    """Return each way's rounds of both sets; ways and sets take turns."""
    found: Dict[str, List[Pair]] = {way: [] for way in measured}
    for seconds in (WARM, *[SECONDS] * ROUNDS):
        for way, limited in measured.items():
            with limited():
                one, two = (one_round(each.settings, text, callers, seconds) for each in sets)
            found[way].append((one, two))
    return {way: pairs[1:] for way, pairs in found.items()}


def show(console: Console, title: str, found: List[Pair]) -> None:
    """Print what the rounds gave."""
    ones, twos = zip(*found, strict=True)
    grid = Table(title, "one of each", "two of each")
    for name, pick in (("median", statistics.median), ("least", min), ("most", max)):
        grid.add_row(
            f"turns a second, {name}", *(f"{pick([each.rate for each in group]):.1f}" for group in (ones, twos))
        )
    for kind in sorted({kind for pair in found for each in pair for kind in each.cores}):
        grid.add_row(
            f"cores: {kind}", *(f"{statistics.mean(e.cores.get(kind, 0) for e in group):.2f}" for group in (ones, twos))
        )
    grid.add_row("cores: all of these", *(f"{mean_used(group):.2f}" for group in (ones, twos)))
    grid.add_row("processor a turn, ms", *(f"{spent_a_turn(group):.0f}" for group in (ones, twos)))
    console.print(grid)
    ratios = [two.rate / one.rate for one, two in found]
    console.print(f"two against one: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    console.print(f"{bound(mean_used(ones))}\n")


def mean_used(found: Sequence[Round]) -> float:
    """Return the cores that rounds used in all, on average."""
    return statistics.mean(each.used for each in found)


def spent_a_turn(found: Sequence[Round]) -> float:
    """Return the milliseconds of a core that a turn took, on average."""
    return 1000 * mean_used(found) / statistics.mean(each.rate for each in found)


def bound(one: float) -> str:
    """Say how many times what one set does this machine could carry, from the cores that one set uses."""
    cores = psutil.cpu_count() or 1
    most = f"at most {cores} / {one:.2f} = {cores / one:.2f} times could be carried here"
    return f"one of each uses {one:.2f} of {cores} cores: {most}"


def main() -> None:
    """Start both sets, ask them by turns, print."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--share", type=float, default=SHARE, help="of a core, for each replica that is held")
    parser.add_argument("--callers", type=int, default=CALLERS, help="at once")
    asked, console = parser.parse_args(), Console()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = stack.enter_context(databases()).urls
        sets = [stack.enter_context(replicas(count, urls, folder)) for count in (1, 2)]
        measured = ways(console, sets, asked.share)
        console.print(
            f"{psutil.cpu_count()} cores; {asked.callers} callers at once; "
            f"{ROUNDS} rounds of {SECONDS:.0f} seconds each, by turns"
        )
        for name, text in TEXTS.items():
            for way, found in rounds(sets, text, asked.callers, measured).items():
                show(console, f"{name}, {way}", found)


if __name__ == "__main__":
    main()
