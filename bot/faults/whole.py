"""The running whole while a part of it is broken: what staff get first, and when the answer comes by itself.

One of each part runs as `make run` starts them. After each fault the same message is sent again under its key until it
is answered: the answer must be right and the only one. Which faults there are is not known here.
"""

import contextlib
import secrets
import sys
import time
from pathlib import Path
from typing import Any, Callable, ContextManager, Dict, Iterator, NamedTuple, Optional

import httpx
import psutil

from bot.process import start, stop, wait_for
from bot.servers import apart, environment_of
from bot.settings import Settings

PATIENCE = 120.0
SEEN_SECONDS = 3.0  # so that what has just recovered is known to have
Fault = Callable[["Whole"], ContextManager[None]]


class Talk(NamedTuple):
    """What is said before the fault, what in it, and the procedure that answers."""

    before: str
    text: str
    procedure: str


AT_ONCE = Talk("", "a parent added me on facebook last night, what should i do", "parent_friend_request")
GOING_ON = Talk("someone sent me a friend request", "a pupil", "pupil_friend_request")


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

    def say(self, headers: Dict[str, str], key: str, text: str) -> Optional[httpx.Response]:
        """Say something; None where nobody is there to hear it."""
        try:
            return self.http.post("/api/say", json={"key": key, "text": text}, headers=headers)
        except httpx.HTTPError:
            return None

    def after(self, fault: Fault, talk: Talk = AT_ONCE) -> Outcome:
        """Return what becomes of a message that is sent while a part is broken.

        Raises:
            RuntimeError: it is not answered rightly, or not only once.
        """
        time.sleep(SEEN_SECONDS)
        headers, key = self.begin(), secrets.token_hex(8)
        if talk.before:
            self.insist(headers, secrets.token_hex(8), talk.before)
        with fault(self):
            began = time.monotonic()
            first = self.say(headers, key, talk.text)
            took = time.monotonic() - began
        answer = self.insist(headers, key, talk.text)
        recovered = time.monotonic() - began
        matches = answer["reply"].get("matches") or [{}]
        if self.insist(headers, key, talk.text) != answer or matches[0].get("procedure") != talk.procedure:
            raise RuntimeError(f"the answer after the fault is wrong or not the only one: {matches}")
        return Outcome(took, first is not None and first.is_success, said(first), recovered)

    def insist(self, headers: Dict[str, str], key: str, text: str) -> Dict[str, Any]:
        """Send the message again until it is answered.

        Raises:
            RuntimeError: it never is.
        """
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            answered = self.say(headers, key, text)
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


@contextlib.contextmanager
def running(folder: Path, **extra: str) -> Iterator[Whole]:
    """Run one of each part, with these settings more (WHATNOW_...)."""
    settings = apart(folder, each_conversation="1000 per second", each_address="10000 per second")
    environment = {**environment_of(settings), **extra}
    process = start([sys.executable, "-m", "bot.run"], folder / "run.log", **environment)
    try:
        for url in (settings.actions_url, settings.rasa_url, f"{settings.gateway_url}/health"):
            wait_for(url, process)
        yield Whole(settings, process.pid)
    finally:
        stop([process])
