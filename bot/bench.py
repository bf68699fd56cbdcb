"""Run `make bench`: the engine, the whole turn beside an empty Rasa bot's, the gateway, twenty people, memory.

Everything in one run, so that the ratios hold on any machine; nothing here is part of a test.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Dict, Iterator, List

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from bot.chat import begin
from bot.parts import RASA
from bot.process import start, stop, wait_for
from bot.settings import PROJECT, Settings

TURNS, ROUNDS = 50, 4
TEXT = "a parent added me on facebook last night, what should i do"
OWN_WORDS = "I would tell my line manager, write down what happened, and not reply to it myself"
PEOPLE, MESSAGES, READING_SECONDS = 20, 10, (1.0, 3.0)
SAID = (TEXT, "someone sent me a friend request", "thanks", "show me the clause", "kids made a fake account of me")
EMPTY = PROJECT / "tests" / "empty_bot"
MEGABYTE = 1024 * 1024
THROUGH, DIRECT = "a situation, through the gateway", "a situation, past it"
EMPTY_PORTS = Settings(rasa_port=5105, actions_port=5155)


def memory(settings: Settings) -> Dict[str, float]:
    """Return each server's resident megabytes, its children's included."""
    names = {settings.rasa_port: "Rasa", settings.actions_port: "action server", settings.port: "gateway"}
    found: Dict[str, float] = {}
    for connection in psutil.net_connections("tcp"):
        port = connection.laddr[1] if connection.laddr else 0
        if connection.status == psutil.CONN_LISTEN and port in names and connection.pid:
            process = psutil.Process(connection.pid)
            whole = [process, *process.children(recursive=True)]
            found[names[port]] = sum(each.memory_info().rss for each in whole) / MEGABYTE
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


def web_turns(settings: Settings, text: str) -> List[float]:
    """Return the milliseconds of each turn through the gateway, every one in a conversation of its own."""
    found = []
    with httpx.Client(base_url=settings.gateway_url, timeout=60) as client:
        for _ in range(TURNS):
            headers = begin_session(client)
            began = time.perf_counter()
            say(client, headers, text)
            found.append((time.perf_counter() - began) * 1000)
    return found


def training_turns(settings: Settings, text: str) -> List[float]:
    """Return the milliseconds of each answer in own words in a recorded course."""
    found = []
    with httpx.Client(base_url=settings.gateway_url, timeout=60) as client:
        headers = begin_session(client)
        for before in ("start training", "2", "Somebody", "3", "3", "3"):
            say(client, headers, before)
        for _ in range(TURNS):
            began = time.perf_counter()
            say(client, headers, text)
            found.append((time.perf_counter() - began) * 1000)
    return found


def begin_session(client: httpx.Client) -> Dict[str, str]:
    """Return the headers of a new conversation."""
    token = client.post("/api/session", json={}).raise_for_status().json()["token"]
    return {"Authorization": f"Bearer {token}"}


def say(client: httpx.Client, headers: Dict[str, str], text: str) -> None:
    """Say something through the gateway; an error ends the bench."""
    client.post("/api/say", json={"key": uuid.uuid4().hex, "text": text}, headers=headers).raise_for_status()


def person(settings: Settings, chance: random.Random) -> List[float]:
    """Return the milliseconds that one person waits for each answer: the first with everybody's, then at leisure."""
    found = []
    with httpx.Client(base_url=settings.gateway_url, timeout=60) as client:
        headers = begin_session(client)
        for _ in range(MESSAGES):
            began = time.perf_counter()
            say(client, headers, chance.choice(SAID))
            found.append((time.perf_counter() - began) * 1000)
            time.sleep(chance.uniform(*READING_SECONDS))
    return found


def people(settings: Settings) -> List[float]:
    """Return what twenty people at once wait."""
    with ThreadPoolExecutor(PEOPLE) as pool:
        each = pool.map(lambda seed: person(settings, random.Random(seed)), range(PEOPLE))  # noqa: S311
        return [wait for waits in each for wait in waits]


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
    """Time the engine, then the servers, in rounds that take turns, then twenty people."""
    subprocess.run([sys.executable, "-m", "knowledge.bench"], cwd=PROJECT, check=True)
    os.environ["WHATNOW_EACH_ADDRESS"] = "100000 per second"  # all these people share one address
    os.environ["WHATNOW_EACH_CONVERSATION"] = "1000 per second"  # and some are quicker than people
    os.environ["WHATNOW_STATE"] = tempfile.mkdtemp()  # no real record is written to
    settings, console = Settings(), Console()
    started = begin(settings)
    try:
        with console.status("The empty bot ..."), empty_bot() as empty:
            found = rounds(settings, empty)
        table(console, "one turn, alone", found)
        own = [statistics.quantiles(found[name], n=20)[18] for name in (THROUGH, DIRECT)]
        console.print(f"The gateway's own cost at the 95th percentile: {own[0] - own[1]:.1f} ms")
        table(console, "twenty people at once", {"each wait": people(settings)})
        used = memory(settings)
        console.print("Resident megabytes: " + ", ".join(f"{name} {size:.0f}" for name, size in used.items()))
        console.print(f"together {sum(used.values()):.0f}")
    finally:
        stop([started] if started else [])


def rounds(settings: Settings, empty: Settings) -> Dict[str, List[float]]:
    """Return each way's turns, the ways taking turns."""
    asked: Dict[str, Callable[[], List[float]]] = {
        THROUGH: lambda: web_turns(settings, TEXT),
        DIRECT: lambda: turns(settings, TEXT),
        "an answer in training, through it": lambda: training_turns(settings, OWN_WORDS),
        "small talk, past it": lambda: turns(settings, "hello"),
        "empty bot": lambda: turns(empty, TEXT),
    }
    for way in asked.values():
        way()  # warm
    found: Dict[str, List[float]] = {name: [] for name in asked}
    for _ in range(ROUNDS):
        for name, way in asked.items():
            found[name] += way()
    return found


def table(console: Console, title: str, found: Dict[str, List[float]]) -> None:
    """Print median and 95th percentile of each."""
    grid = Table(title, "median ms", "p95 ms")
    for name, each in found.items():
        grid.add_row(*row(name, each))
    console.print(grid)


if __name__ == "__main__":
    main()
