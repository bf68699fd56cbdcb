"""Swap the policy under the eyes of those who ask: action servers are started anew one by one, when SIGHUP comes.

The rest go on answering meanwhile, so no turn fails. A policy that is not sound is refused, and the old one stays. What
training and answers are made of stands in knowledge/: edit it there, then `make renew`.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from typing import Iterator, List

from bot.settings import PROJECT, Settings
from bot.supervise import Running

PID = "replicas.pid"
SEEN_SECONDS = 5.0  # the proxy passes a server by for two seconds once it was not there
CHECKS = (("knowledge.cli", "data-check"), ("knowledge.cli", "build"), ("knowledge.publish",))


class Renewal:
    """Waits for the signal, and renews these parts when it has come."""

    def __init__(self, running: List[Running]) -> None:
        self.running, self.wanted = running, False
        signal.signal(signal.SIGHUP, self.note)

    def note(self, _signal: int, _frame: object) -> None:
        """Note that it is wanted."""
        self.wanted = True

    def look(self) -> None:
        """Renew where it is wanted."""
        if self.wanted:
            self.wanted = False
            self.renew()

    def renew(self) -> None:
        """Check the new policy, then start the action servers anew, one after the other."""
        for module, *words in CHECKS:
            if subprocess.run([sys.executable, "-m", module, *words], cwd=PROJECT, check=False).returncode:
                print(f"{module} {' '.join(words)} found a fault: the old policy stays.", file=sys.stderr, flush=True)
                return
        for each in self.running:
            if each.part.name.startswith("actions"):
                each.renew()
                time.sleep(SEEN_SECONDS)
        print("The policy has been renewed.", flush=True)


@contextlib.contextmanager
def noted(settings: Settings) -> Iterator[None]:
    """Have it written down which process is to be told, for as long as it runs."""
    path = settings.state / PID
    path.write_text(str(os.getpid()), encoding="utf8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def main() -> None:
    """Tell the running replicas to renew their policy."""
    path = Settings().state / PID
    try:
        os.kill(int(path.read_text(encoding="utf8")), signal.SIGHUP)
    except (OSError, ValueError):
        sys.exit(f"No replicas run by {path}: start them by make replicas, or start make run anew.")
    print("Told: the replicas check the policy and take it over one after the other.")


if __name__ == "__main__":
    main()
