"""Faults of one part: killed, hung, its database locked, the disk full, the encoder damaged, the clock set wrong.

Each is brought about from outside, as it would come, and undone when it is left. What staff get is not looked at here.
"""

import contextlib
import os
import resource
import signal
import sqlite3
import time
from typing import Dict, Iterator

from bot.faults.clock import DAY, HOUR, jump
from bot.faults.whole import Fault, Whole
from bot.settings import PROJECT

BUILT = PROJECT / ".built"
DAMAGED_SECONDS = 8.0  # the action server has tried to start by then


def hit(words: str, sent: signal.Signals) -> Fault:
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


@contextlib.contextmanager
def encoder_damaged(whole: Whole) -> Iterator[None]:
    """Damage the encoder and kill the action server: it cannot load its engine until the file is whole again."""
    files = list(BUILT.glob("encoder-*.onnx"))
    try:
        for file in files:
            file.rename(file.with_suffix(".whole"))
            file.write_bytes(b"no encoder")
        os.killpg(whole.part("actions.serve").pid, signal.SIGKILL)
        time.sleep(DAMAGED_SECONDS)
        yield
    finally:
        for file in files:
            file.with_suffix(".whole").replace(file)


PARTS: Dict[str, Fault] = {
    "action server killed": hit("actions.serve", signal.SIGKILL),
    "action server hung": hit("actions.serve", signal.SIGSTOP),
    "encoder damaged": encoder_damaged,
    "Rasa killed": hit("rasa run", signal.SIGKILL),
    "Rasa hung": hit("rasa run", signal.SIGSTOP),
    "gateway killed": hit("bot.gateway.serve", signal.SIGKILL),
    "gateway's database locked": locked,
    "disk full": full,
    "clock two hours on, and back": jump(2 * HOUR),
    "clock a day back, and on": jump(-DAY),
}
