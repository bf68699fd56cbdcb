"""A PostgreSQL and a Redis of our own (deploy/databases.sh), for whatever hunts, measures or tests over them.

Both listen on this machine only, on ports that nobody else has; stopped, nothing of them is left. No school's database
is touched.
"""

import os
import re
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Dict, Iterator, List

import psutil

from bot.servers import free_port
from bot.settings import PROJECT

SCRIPT = str(PROJECT / "deploy" / "databases.sh")
POSTMASTER = "postgresql/postmaster.pid"
REDIS = "redis.pid"


class Databases:
    """Both, in one folder; `urls` are the settings (WHATNOW_...) that name them."""

    def __init__(self, folder: Path, postgresql: int = 0, redis: int = 0) -> None:
        self.folder = folder
        ports = {"POSTGRESQL": postgresql or free_port(), "REDIS": redis or free_port()}
        self.environment = {**os.environ, **{f"WHATNOW_{name}_PORT": str(port) for name, port in ports.items()}}
        self.urls: Dict[str, str] = {}

    def start(self) -> None:
        """Start whichever does not run, and wait for it."""
        self.urls = dict(re.findall(r"export (\w+)=(.*)", self.run("start")))

    def stop(self) -> None:
        """Stop both; their data stay."""
        self.run("stop")

    def run(self, what: str) -> str:
        """Run the script; return what it prints."""
        command = [SCRIPT, what, str(self.folder)]
        done = subprocess.run(command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def owner(self) -> List[str]:
        """Return what begins a command that is run as whoever PostgreSQL runs as: it refuses root."""
        return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def postgresql(self) -> List[psutil.Process]:
        """Return PostgreSQL's processes, the one that starts the others first."""
        return family(self.folder / POSTMASTER)

    def redis(self) -> List[psutil.Process]:
        """Return Redis's process."""
        return family(self.folder / REDIS)


def family(pid: Path) -> List[psutil.Process]:
    """Return the process that a file names, and those that it has started; nobody where it has ended."""
    try:
        first = psutil.Process(int(pid.read_text(encoding="utf8").split()[0]))
        return [first, *first.children(recursive=True)]
    except (FileNotFoundError, psutil.NoSuchProcess):
        return []


@contextmanager
def databases(postgresql: int = 0, redis: int = 0) -> Iterator[Databases]:
    """Give both for a while, on these ports where they are said."""
    folder = Path(tempfile.mkdtemp(prefix="whatnow-databases-", dir="/tmp"))
    found = Databases(folder, postgresql, redis)
    try:
        found.start()
        yield found
    finally:
        subprocess.run([SCRIPT, "stop", str(folder)], env=found.environment, check=False)
        subprocess.run(["/bin/rm", "-rf", str(folder)], check=True)
