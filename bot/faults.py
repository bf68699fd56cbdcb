"""Break one part at a time and see what staff get: `make faults`. Is it an answer or the safe words, and how soon?

One of each part runs as `make run` starts them. After each fault the same message is sent again under its key until it
is answered: recovery must come by itself, and the answer must be right and the only one.
"""

import contextlib
import os
import resource
import secrets
import signal
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, ContextManager, Dict, Iterator, NamedTuple, Optional

import httpx
import psutil

from bot.process import start, stop, wait_for
from bot.servers import apart, environment_of
from bot.settings import Settings

TEXT, PROCEDURE = "a parent added me on facebook last night, what should i do", "parent_friend_request"
PATIENCE, ASKED = 120.0, 3.0
SEEN_SECONDS = 3.0  # so that what has just recovered is known to have


class Outcome(NamedTuple):
    """What a fault came to: seconds to the first word, whether it was the answer, seconds until the answer."""

    first: float
    answered: bool
    words: str
    recovered: float


class Whole:
    """The running whole, from outside."""

    def __init__(self, settings: Settings, pid: int) -> None:
        self.settings, self.process = settings, psutil.Process(pid)
        self.http = httpx.Client(base_url=settings.gateway_url, timeout=30)

    def part(self, words: str) -> psutil.Process:
        """Return the part whose command holds these words."""
        return next(each for each in self.process.children() if words in " ".join(each.cmdline()))

    def begin(self) -> Dict[str, str]:
        """Return the headers of a new conversation."""
        token = self.http.post("/api/session", json={}).raise_for_status().json()["token"]
        return {"Authorization": f"Bearer {token}"}

    def say(self, headers: Dict[str, str], key: str, text: str = TEXT) -> Optional[httpx.Response]:
        """Say something; None where nobody is there to hear it."""
        try:
            return self.http.post("/api/say", json={"key": key, "text": text}, headers=headers)
        except httpx.HTTPError:
            return None

    def after(self, fault: Callable[["Whole"], ContextManager[None]]) -> Outcome:
        """Return what becomes of a message that is sent while a part is broken."""
        time.sleep(SEEN_SECONDS)
        headers, key = self.begin(), secrets.token_hex(8)
        with fault(self):
            began = time.monotonic()
            first = self.say(headers, key)
            took = time.monotonic() - began
        answer = self.insist(headers, key)
        recovered = time.monotonic() - began
        if self.insist(headers, key) != answer or answer["reply"]["matches"][0]["procedure"] != PROCEDURE:
            raise RuntimeError(
                f"the answer after the fault is wrong or not the only one: {answer['reply'].get('matches')}"
            )
        return Outcome(took, first is not None and first.is_success, said(first), recovered)

    def insist(self, headers: Dict[str, str], key: str) -> Dict[str, Any]:
        """Send the message again until it is answered.

        Raises:
            RuntimeError: it never is.
        """
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            answered = self.say(headers, key)
            if answered is not None and answered.is_success:
                found: Dict[str, Any] = answered.json()
                return found
            time.sleep(0.2)
        raise RuntimeError("it did not recover by itself")


def said(first: Optional[httpx.Response]) -> str:
    """Return the words that came first; the page has its own safe words where nobody answers."""
    if first is None:
        return "(nobody answered: the page says the safe words itself)"
    return str(first.json().get("text") or first.json()["reply"]["text"])


def hit(words: str, sent: signal.Signals) -> Callable[[Whole], ContextManager[None]]:
    """Return the fault of a part that gets a signal; the supervisor must mend it."""

    @contextlib.contextmanager
    def fault(whole: Whole) -> Iterator[None]:
        os.killpg(whole.part(words).pid, sent)
        yield

    return fault


@contextlib.contextmanager
def locked(whole: Whole) -> Iterator[None]:
    """Hold the gateway's database, as a back-up that hangs would."""
    held = sqlite3.connect(whole.settings.state / "gateway.db")
    held.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        held.rollback()
        held.close()


@contextlib.contextmanager
def full(whole: Whole) -> Iterator[None]:
    """Let the gateway's files grow no more, as on a full disk."""
    gateway = whole.part("bot.gateway.serve")
    before = gateway.rlimit(resource.RLIMIT_FSIZE)
    gateway.rlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        gateway.rlimit(resource.RLIMIT_FSIZE, before)


FAULTS: Dict[str, Callable[[Whole], ContextManager[None]]] = {
    "action server killed": hit("actions.serve", signal.SIGKILL),
    "action server hung": hit("actions.serve", signal.SIGSTOP),
    "Rasa killed": hit("rasa run", signal.SIGKILL),
    "Rasa hung": hit("rasa run", signal.SIGSTOP),
    "gateway killed": hit("bot.gateway.serve", signal.SIGKILL),
    "gateway's database locked": locked,
    "disk full": full,
}


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Whole]:
    """Run one of each part."""
    settings = apart(folder, each_conversation="1000 per second", each_address="10000 per second")
    process = start([sys.executable, "-m", "bot.run"], folder / "run.log", **environment_of(settings))
    try:
        for url in (settings.actions_url, settings.rasa_url, f"{settings.gateway_url}/health"):
            wait_for(url, process)
        yield Whole(settings, process.pid)
    finally:
        stop([process])


def main() -> None:
    """Bring about every fault; exit 1 where staff waited too long for the first word."""
    late = False
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as whole:
        for name, fault in FAULTS.items():
            found = whole.after(fault)
            late = late or found.first > ASKED
            kind = "the answer" if found.answered else "the safe words" if "999" in found.words else found.words
            print(f"{name}: after {found.first:.2f} s {kind}; the answer after {found.recovered:.1f} s", flush=True)
    sys.exit(late)


if __name__ == "__main__":
    main()
