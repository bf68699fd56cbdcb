"""Start the real servers apart from any that run, for whatever hunts or measures them, and stop them again.

Ports of their own, a state of their own: no real record is read or written.
"""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List

from bot.process import stop, wait_for
from bot.settings import PROJECT, Settings


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def apart(folder: Path, **others: Any) -> Settings:
    """Return settings with ports that nobody listens on, and their state in a folder."""
    return Settings(rasa_port=free_port(), actions_port=free_port(), port=free_port(), state=folder, **others)


def environment_of(settings: Settings) -> Dict[str, str]:
    """Return the environment that gives another process these settings."""
    said = {f"WHATNOW_{name.upper()}": str(value) for name, value in settings if value != "" and name != "origins"}
    return {**os.environ, **said, "WHATNOW_ORIGINS": ",".join(settings.origins)}


@contextmanager
def started(settings: Settings, module: str, urls: List[str]) -> Iterator[Path]:
    """Start a module with these settings and wait for its addresses; yield the file with all that it says."""
    settings.state.mkdir(parents=True, exist_ok=True)
    log = settings.state / f"{module}.log"
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=PROJECT,
            env=environment_of(settings),
            start_new_session=True,
            stdout=lines,
            stderr=lines,
        )
    try:
        for url in urls:
            wait_for(url, process)
        yield log
    finally:
        stop([process])


def everything(settings: Settings) -> Any:
    """Start the three parts as `make run` does."""
    return started(settings, "bot.run", [settings.actions_url, settings.rasa_url, f"{settings.gateway_url}/health"])


def gateway(settings: Settings) -> Any:
    """Start a gateway alone."""
    return started(settings, "bot.gateway.serve", [f"{settings.gateway_url}/health"])
