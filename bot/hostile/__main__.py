"""`make hostile`: start the real servers, throw so many hostile messages at them, say what came back.

Exits with 1 where anything failed: a server's fault, a silence, a hijack, a double, a trace, a wrong status, harm.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from bot.hostile.hunt import hunt, weak
from bot.hostile.judge import Tally
from bot.hostile.platforms import Platforms
from bot.process import LOG, interrupted
from bot.servers import apart, everything, free_port, gateway

KINDS = ("5xx", "silence", "hijack", "doubled", "trace", "form", "status", "harm", "log")
ALLOWED, TRIED = 300, 400  # sessions an address may begin in ten seconds, and how many are tried
WORST = ("Traceback", "Exception in ASGI", "was never retrieved", "a turn failed")


def limited(folder: Path) -> Counter[int]:
    """Return how a gateway with its usual limits answers one address that asks too often, by status."""
    settings = apart(folder)
    with gateway(settings), httpx.Client(base_url=settings.gateway_url) as client:
        return Counter(client.post("/api/session", json={}).status_code for _ in range(TRIED))


def look_into(log: Path, tally: Tally) -> None:
    """Note what the servers themselves say has gone wrong."""
    for line in log.read_text(encoding="utf8", errors="replace").splitlines():
        if any(sign in line for sign in WORST):
            tally.fault("log", "servers", line)


def show(console: Console, tally: Tally, seconds: float) -> None:
    """Print the totals and the first faults of each kind."""
    entries, found = Table("way in", "messages"), Table("status", "answers", "fault", "times")
    for entry, count in tally.entries.most_common():
        entries.add_row(entry, str(count))
    statuses = sorted(tally.statuses.items())
    for n in range(max(len(statuses), len(KINDS))):
        status = tuple(map(str, statuses[n])) if n < len(statuses) else ("", "")
        fault = (KINDS[n], str(tally.count(KINDS[n]))) if n < len(KINDS) else ("", "")
        found.add_row(*status, *fault)
    console.print(entries, found)
    console.print(f"{tally.messages} messages in {seconds:.0f} seconds; the longest wait {tally.longest:.1f} seconds")
    console.print(f"{tally.echoed} answers held the word of their own conversation")
    for first in tally.faults[:40]:
        console.print(*first, sep=" | ", markup=False, style="red")


def main() -> None:
    """Hunt, and exit with what was found."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("number", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    asked, console, folder = parser.parse_args(), Console(), Path(tempfile.mkdtemp(prefix="whatnow-"))
    platforms = Platforms(free_port())
    settings = apart(folder, **weak(platforms))
    signal.signal(signal.SIGTERM, interrupted)
    with everything(settings) as log:
        began = time.monotonic()

        thousands = iter(range(1000, asked.number, 1000))
        next_one = next(thousands, asked.number)

        def told(tally: Tally) -> None:
            nonlocal next_one
            if tally.messages >= next_one:
                console.print(
                    f"{tally.messages} messages, {time.monotonic() - began:.0f} s, {len(tally.faults)} faults"
                )
                next_one = next(thousands, sys.maxsize)

        tally = asyncio.run(hunt(settings, platforms, asked.number, asked.seed, told=told))
        seconds = time.monotonic() - began
    look_into(log, tally)
    look_into(LOG, tally)
    statuses = limited(folder / "limited")
    if set(statuses) != {201, 429} or statuses[201] > ALLOWED:
        tally.fault("status", "limits", statuses)
    show(console, tally, seconds)
    console.print(f"one address, {TRIED} sessions at the usual limits: {dict(statuses)}")
    sys.exit(1 if tally.faults else 0)


if __name__ == "__main__":
    main()
