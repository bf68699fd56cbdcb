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
from typing import Any, Dict, List, Optional

import httpx
import psutil
from sqlalchemy import create_engine, text

from bot.bench_replicas import LIMITS, databases
from bot.process import start, stop, wait_for
from bot.replicas import free_ports
from bot.settings import Settings

KILLS, TALKERS, TRAINEES = 200, 4, 2
BETWEEN = (1.0, 5.0)  # seconds from kill to kill
REFUSED_AGAIN = {503, 429}
PATIENCE = 120.0
PROXY = "proxy"
KINDS = {"rasa run": "Rasa", "actions.serve": "action server", "bot.gateway.serve": "gateway", "nginx: master": PROXY}


class Fault(Exception):
    """Something was lost, doubled or wrong."""


class Caller(threading.Thread):
    """One person: keeps talking until told to stop, and notes every fault, wait and try."""

    def __init__(self, settings: Settings, number: int, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.settings, self.number, self.over = settings, number, over
        self.chance = random.Random(number)  # noqa: S311
        self.faults: List[str] = []
        self.waits: List[float] = []
        self.again = 0

    def run(self) -> None:
        """Talk until told to stop."""
        with httpx.Client(base_url=self.settings.gateway_url, timeout=10) as self.client:
            while not self.over.is_set():
                try:
                    self.talk()
                except Fault as fault:
                    self.faults.append(str(fault))

    def talk(self) -> None:
        """Have a question asked, answer it by its button, and see that both answers are known again."""
        token = self.session()
        asked = self.say(token, "q", text="someone sent me a friend request")
        button = next((each["id"] for each in asked["buttons"] if each["title"] == "A pupil"), None)
        if button is None:
            raise Fault(f"not asked but {asked['reply']['type']}")
        answer = self.say(token, "a", button=button)
        if (answer["reply"].get("matches") or [{}])[0].get("procedure") != "pupil_friend_request":
            raise Fault(f"the choice led to {answer['reply'].get('matches')}")
        if self.say(token, "q", text="someone sent me a friend request") != asked:
            raise Fault("an answer that was given is not known again")

    def session(self) -> str:
        """Return the token of a new conversation."""
        return str(self.insist("/api/session", {}, {})["token"])

    def say(self, token: str, key: str, **said: str) -> Dict[str, Any]:
        """Say something in a conversation, under a key that is this token's alone."""
        body = {"key": f"chaos-{key}-{abs(hash(token)) % 10**9}", **said}
        return self.insist("/api/say", body, {"Authorization": f"Bearer {token}"})

    def insist(self, path: str, body: Dict[str, Any], headers: Dict[str, str]) -> Dict[str, Any]:
        """Send something until it is answered.

        Raises:
            Fault: it was refused for good, or not answered in two minutes.
        """
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            answer = self.ask(path, body, headers)
            if answer is not None:
                self.waits.append(time.monotonic() - began)
                return answer
            self.again += 1
            time.sleep(0.3)
        raise Fault(f"not answered in {PATIENCE:.0f} seconds: {path}")

    def ask(self, path: str, body: Dict[str, Any], headers: Dict[str, str]) -> Optional[Dict[str, Any]]:
        """Send something once; None where it must be sent again."""
        try:
            answered = self.client.post(path, json=body, headers=headers)
        except httpx.HTTPError:
            return None
        if answered.is_success:
            found: Dict[str, Any] = answered.json()
            return found
        if answered.status_code in REFUSED_AGAIN and "999" in answered.text:
            return None
        raise Fault(f"{answered.status_code}: {answered.text[:100]}")


class Trainee(Caller):
    """One person who practises, and counts every choice that was acknowledged."""

    chosen = 0

    @property
    def name_typed(self) -> str:
        """The name in the record."""
        return "Trainee " + "abcdefghij"[self.number % 10]

    def talk(self) -> None:
        """Practise the full course again and again."""
        token, n = self.session(), 0
        answer = self.say(token, "start", text="start training")
        while not self.over.is_set():
            n += 1
            answer = self.step(token, str(n), answer)

    def step(self, token: str, key: str, answer: Dict[str, Any]) -> Dict[str, Any]:
        """Take one step of training."""
        buttons, reply = answer["buttons"], answer["reply"]
        if "type your name" in reply["text"]:
            return self.say(token, key, text=self.name_typed)
        if not buttons:
            return self.say(token, key, text="start training")
        in_story = (reply.get("training") or {}).get("at") is not None
        chosen = next((each for each in buttons if each["title"].startswith("Full course")), None)
        found = self.say(token, key, button=(chosen or self.chance.choice(buttons))["id"])
        self.chosen += in_story
        return found


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
    with tempfile.TemporaryDirectory() as folder, databases() as urls:
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
