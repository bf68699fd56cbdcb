"""Run `make bench`: the engine by itself, the whole turn over REST, and the memory of both processes, in one run."""

import statistics
import subprocess
import sys
import time
import uuid

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from bot.chat import begin, say
from bot.run import PROJECT, stop
from bot.settings import Settings

TURNS = 100
TEXT = "a parent added me on facebook last night, what should i do"
MEGABYTE = 1024 * 1024


def memory(settings: Settings) -> dict[str, float]:
    """Return each server's resident megabytes, its children's included."""
    names = {settings.rasa_port: "Rasa", settings.actions_port: "action server"}
    found: dict[str, float] = {}
    for connection in psutil.net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port in names and connection.pid:
            process = psutil.Process(connection.pid)
            whole = [process, *process.children(recursive=True)]
            found[names[connection.laddr.port]] = sum(each.memory_info().rss for each in whole) / MEGABYTE
    return found


def turns(settings: Settings, text: str) -> list[float]:
    """Return the milliseconds of each turn over REST, every one in a conversation of its own."""
    found = []
    with httpx.Client(timeout=60) as client:
        for _ in range(TURNS):
            began = time.perf_counter()
            say(client, settings, uuid.uuid4().hex, text)
            found.append((time.perf_counter() - began) * 1000)
    return found


def main() -> None:
    """Time the engine, then the servers."""
    subprocess.run([sys.executable, "-m", "knowledge.bench"], cwd=PROJECT, check=True)
    settings, console = Settings.from_environment(), Console()
    started = begin(settings)
    try:
        turns(settings, TEXT)  # warm
        found = {"a situation": turns(settings, TEXT), "small talk": turns(settings, "hello")}
        grid = Table("one turn over REST", "median ms", "p95 ms")
        for name, each in found.items():
            grid.add_row(name, f"{statistics.median(each):.0f}", f"{statistics.quantiles(each, n=20)[18]:.0f}")
        console.print(grid)
        used = memory(settings)
        console.print("Resident megabytes: " + ", ".join(f"{name} {size:.0f}" for name, size in used.items()))
        console.print(f"together {sum(used.values()):.0f}")
    finally:
        stop([started] if started else [])


if __name__ == "__main__":
    main()
