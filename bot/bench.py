"""Run `make bench`: the engine by itself, the whole turn over REST beside an empty Rasa bot's, and the memory used.

Everything in one run, so that the ratios hold on any machine; nothing here is part of a test.
"""

import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import Dict, Iterator, List

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from bot.chat import begin
from bot.run import RASA, start, stop, wait_for
from bot.settings import PROJECT, Settings

TURNS, ROUNDS = 50, 4
TEXT = "a parent added me on facebook last night, what should i do"
EMPTY = PROJECT / "tests" / "empty_bot"
MEGABYTE = 1024 * 1024
EMPTY_PORTS = Settings(rasa_port=5105, actions_port=5155)


def memory(settings: Settings) -> Dict[str, float]:
    """Return each server's resident megabytes, its children's included."""
    names = {settings.rasa_port: "Rasa", settings.actions_port: "action server"}
    found: Dict[str, float] = {}
    for connection in psutil.net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port in names and connection.pid:
            process = psutil.Process(connection.pid)
            whole = [process, *process.children(recursive=True)]
            found[names[connection.laddr.port]] = sum(each.memory_info().rss for each in whole) / MEGABYTE
    return found


def turns(settings: Settings, text: str) -> List[float]:
    """Return the milliseconds of each turn over REST, every one in a conversation of its own."""
    found = []
    with httpx.Client(timeout=60) as client:
        for _ in range(TURNS):
            began = time.perf_counter()
            answered = client.post(settings.webhook, json={"sender": uuid.uuid4().hex, "message": text})
            found.append((time.perf_counter() - began) * 1000)
            assert answered.json(), "a turn brought nothing"
    return found


@contextmanager
def empty_bot() -> Iterator[Settings]:
    """Train and serve the empty bot, as Rasa and its SDK come."""
    settings, processes = EMPTY_PORTS, []
    rasa = [str(RASA), "-W", "ignore", "-m", "rasa"]
    with tempfile.TemporaryDirectory() as folder:
        command = [*rasa, "train", "--quiet", "--out", folder, "--domain", "domain.yml", "--data", "data"]
        subprocess.run(command, cwd=EMPTY, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        serve = [*rasa, "run", "--interface", "127.0.0.1", "--port", str(settings.rasa_port), "--model", folder]
        files = ["--credentials", str(EMPTY / "credentials.yml"), "--endpoints", str(EMPTY / "endpoints.yml")]
        action = ["-m", "rasa_sdk", "--actions", "tests.empty_bot.action_hop", "--port", str(settings.actions_port)]
        log = Path(folder) / "empty.log"
        try:
            processes.append(start([sys.executable, *action], log))
            processes.append(start([*serve, *files, "--quiet"], log, ACTIONS_PORT=str(settings.actions_port)))
            wait_for(f"http://127.0.0.1:{settings.actions_port}/health", processes[0])
            wait_for(settings.rasa_url, processes[1])
            yield settings
        finally:
            stop(processes)


def row(name: str, found: List[float]) -> List[str]:
    """Return a table row: median and 95th percentile."""
    return [name, f"{statistics.median(found):.0f}", f"{statistics.quantiles(found, n=20)[18]:.0f}"]


def main() -> None:
    """Time the engine, then the servers, in rounds that take turns."""
    subprocess.run([sys.executable, "-m", "knowledge.bench"], cwd=PROJECT, check=True)
    settings, console = Settings(), Console()
    started = begin(settings)
    try:
        with console.status("The empty bot ..."), empty_bot() as empty:
            asked = {"a situation": (settings, TEXT), "small talk": (settings, "hello"), "empty bot": (empty, TEXT)}
            found: Dict[str, List[float]] = {name: [] for name in asked}
            for where, text in asked.values():
                turns(where, text)  # warm
            for _ in range(ROUNDS):
                for name, (where, text) in asked.items():
                    found[name] += turns(where, text)
        grid = Table("one turn over REST", "median ms", "p95 ms")
        for name, each in found.items():
            grid.add_row(*row(name, each))
        console.print(grid)
        used = memory(settings)
        console.print("Resident megabytes: " + ", ".join(f"{name} {size:.0f}" for name, size in used.items()))
        console.print(f"together {sum(used.values()):.0f}")
    finally:
        stop([started] if started else [])


if __name__ == "__main__":
    main()
