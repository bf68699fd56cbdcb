"""Keep parts running: one that has died or hangs is started again, after ever longer pauses where it never answers.

A part hangs where its address does not answer any more, or has not for minutes after a start. It answers nobody itself.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Iterator, List

import httpx

from bot.parts import Part
from bot.process import interrupted, start, stop, wait_for

ASK_SECONDS, HUNG_SECONDS, PATIENCE = 2.0, 12.0, 2.0
START_SECONDS = 180.0
LONGEST_PAUSE = 30.0


class Running:
    """A part that runs. `now` gives the time in seconds, whatever the clock on the wall does."""

    def __init__(self, part: Part, now: Callable[[], float] = time.monotonic) -> None:
        self.part, self.now = part, now
        self.falls = 0
        self.again_at = 0.0
        self.begin()

    def begin(self) -> None:
        """Start it."""
        self.process = start(self.part.command, self.part.log, **self.part.environment)
        self.began = self.asked = self.now()
        self.answered = 0.0

    def wait(self) -> None:
        """Wait until it answers for the first time.

        Raises:
            RuntimeError: it does not.
        """
        wait_for(self.part.url, self.process)
        self.answered = self.now()

    def look(self) -> None:
        """Start it again where it has died; end it where it hangs, so that it is started again."""
        if self.process.poll() is not None:
            self.begin_again()
        elif not self.answered or self.now() - self.asked >= ASK_SECONDS:
            self.ask()

    def begin_again(self) -> None:
        """Start a part that has died, after a pause where it dies before it has ever answered."""
        if not self.again_at:
            self.falls = 0 if self.answered else self.falls + 1
            pause = min(2.0**self.falls - 1, LONGEST_PAUSE)
            self.again_at = self.now() + pause
            code = self.process.returncode
            print(
                f"{self.part.name} has stopped ({code}); starting it again in {pause:.0f} s.",
                file=sys.stderr,
                flush=True,
            )
        if self.now() >= self.again_at:
            self.again_at = 0.0
            self.begin()

    def renew(self) -> None:
        """Start it anew: what it has begun is ended first, and then it is waited for.

        Raises:
            RuntimeError: it does not come again.
        """
        stop([self.process])
        self.begin()
        self.wait()

    def ask(self) -> None:
        """Ask whether it is there; end it where it has been silent for too long."""
        try:
            if httpx.get(self.part.url, timeout=PATIENCE, trust_env=False).status_code < 500:  # noqa: PLR2004
                self.answered = self.now()
        except httpx.HTTPError:
            pass
        self.asked = self.now()
        last, patience = (self.answered, HUNG_SECONDS) if self.answered else (self.began, START_SECONDS)
        if self.asked - last > patience:
            print(f"{self.part.name} does not answer any more; ending it.", file=sys.stderr, flush=True)
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def keep_running(running: List[Running], also: Callable[[], None] = lambda: None) -> None:
    """Look after parts, and do what else there is to do, until interrupted."""
    while True:
        time.sleep(0.3)
        for each in running:
            each.look()
        also()


@contextlib.contextmanager
def stopped_at_last(log: Path) -> Iterator[List[Running]]:
    """Give a list for the parts that run, and stop them at last: on Ctrl-C, a polite stop, or a start that failed."""
    for polite in (signal.SIGTERM, signal.SIGINT):  # SIGINT too: a shell starts background jobs deaf to it
        signal.signal(polite, interrupted)
    running: List[Running] = []
    try:
        yield running
    except KeyboardInterrupt:
        print("Stopping ...", file=sys.stderr)
    except (RuntimeError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"Whatnow could not start: {error} Log: {log}")
    finally:
        stop([each.process for each in running])
