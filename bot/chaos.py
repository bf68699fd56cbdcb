"""Kill parts at random while people talk and practise: `make chaos`. Is anything lost, doubled or wrong?

Two of each part run behind the proxy over PostgreSQL and Redis. A caller behaves as the page does: what was not
answered is sent again under its own key. Every acknowledged choice in training must stand in the record once.
"""

import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import List

import psutil
from sqlalchemy import create_engine, text

from bot.bench_replicas import LIMITS
from bot.databases import databases
from bot.persistent import PATIENCE, Caller, Trainee
from bot.process import start, stop, wait_for
from bot.replicas import free_ports
from bot.settings import Settings

KILLS, TALKERS, TRAINEES = 200, 4, 2
BETWEEN = (1.0, 5.0)  # seconds from kill to kill
PROXY = "proxy"
KINDS = {"rasa run": "Rasa", "actions.serve": "action server", "bot.gateway.serve": "gateway", "nginx: master": PROXY}


def parts(process: psutil.Process) -> List[psutil.Process]:
    """Return the parts that run."""
    return [each for each in process.children() if each.status() != psutil.STATUS_ZOMBIE]


def kind_of(part: psutil.Process) -> str:
    """Return what kind of part it is; nothing where it has just ended."""
    try:
        line = " ".join(part.cmdline())
    except psutil.Error:
        return ""
    return next((kind for words, kind in KINDS.items() if words in line), "")


def listens(part: psutil.Process) -> bool:
    """Say whether a part has opened its port."""
    try:
        return any(each.status == psutil.CONN_LISTEN for each in part.net_connections("tcp"))
    except psutil.Error:
        return False


def kill_one(process: psutil.Process, chance: random.Random) -> str:
    """Kill one part, at random among those whose twin is up; the proxy has none. Return its kind."""
    while True:
        up = [each for each in parts(process) if listens(each)]
        counts = Counter(map(kind_of, up))
        victims = [each for each in up if kind_of(each) == PROXY or counts[kind_of(each)] > 1]
        if victims:
            victim = chance.choice(victims)
            kind = kind_of(victim)
            os.killpg(victim.pid, signal.SIGKILL)
            return kind
        time.sleep(0.2)


def recorded(url: str, name: str) -> int:
    """Return how many choices of a trainee stand in the record."""
    asked = text("SELECT count(*) FROM entries JOIN learners ON entries.learner = learners.id "
                 "WHERE learners.name = :name AND kind = 'chose'")  # fmt: skip
    with create_engine(url).connect() as open_:
        return int(open_.execute(asked, {"name": name}).scalar_one())


def hunt(settings: Settings, process: psutil.Process, training: str, kills: int) -> List[str]:
    """Kill so many times; print what came of it, and return the faults."""
    over, chance = threading.Event(), random.Random(1)  # noqa: S311
    callers: List[Caller] = [Caller(settings, n, over) for n in range(TALKERS)]
    trainees = [Trainee(settings, n, over) for n in range(TRAINEES)]
    for each in (*callers, *trainees):
        each.start()
    killed: Counter[str] = Counter()
    for _ in range(kills):
        time.sleep(chance.uniform(*BETWEEN))
        killed[kill_one(process, chance)] += 1
    over.set()
    for each in (*callers, *trainees):
        each.join(PATIENCE)
    faults = [fault for each in (*callers, *trainees) for fault in each.faults]
    counts = [(each.name_typed, each.chosen, recorded(training, each.name_typed)) for each in trainees]
    faults += [
        f"{name}: {said} choices acknowledged, {kept} in the record" for name, said, kept in counts if said != kept
    ]
    tell(killed, [*callers, *trainees], faults)
    return faults


def tell(killed: Counter[str], callers: List[Caller], faults: List[str]) -> None:
    """Print the figures."""
    waits = sorted(wait for each in callers for wait in each.waits)
    chosen = sum(each.chosen for each in callers if isinstance(each, Trainee))
    print(f"killed {sum(killed.values())}: {dict(killed)}")
    again = sum(each.again for each in callers)
    print(f"acknowledged {len(waits)} turns, {chosen} of them choices in training; sent again {again} times")
    print(f"waited {statistics.median(waits):.2f} s in the middle, {waits[int(len(waits) * 0.99)]:.1f} s at p99, "
          f"{waits[-1]:.1f} s at most")  # fmt: skip
    print(f"lost, doubled or wrong: {len(faults)}")
    for fault in faults:
        print(f"  {fault}")


def main() -> None:
    """Start the replica set, hunt, stop; exit 1 where something was lost, doubled or wrong."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    kills = parser.parse_args().kills
    with tempfile.TemporaryDirectory() as folder, databases() as ours:
        urls = ours.urls
        door, rasa, actions = free_ports(3)
        settings = Settings(port=door, rasa_port=rasa, actions_port=actions, state=Path(folder))
        ports = {"WHATNOW_PORT": str(door), "WHATNOW_RASA_PORT": str(rasa), "WHATNOW_ACTIONS_PORT": str(actions)}
        environment = {**urls, **ports, **LIMITS, "WHATNOW_STATE": folder}
        process = start([sys.executable, "-m", "bot.replicas"], Path(folder) / "replicas.log", **environment)
        try:
            wait_for(f"{settings.gateway_url}/health", process)
            faults = hunt(settings, psutil.Process(process.pid), urls["WHATNOW_TRAINING_URL"], kills)
        finally:
            stop([process])
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
