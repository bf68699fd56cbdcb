"""Start, wait for and stop a process of ours, each in a group of its own. It knows no part of Whatnow by name."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Dict, List, Optional

import httpx

from bot.settings import PROJECT, Settings

LOG = PROJECT / ".built" / "rasa.log"
STARTING_SECONDS = 900
QUIET = {
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
    "RASA_TELEMETRY_ENABLED": "false",
    "ORT_DISABLE_TELEMETRY": "1",
    "SANIC_REQUEST_MAX_SIZE": "1000000",
}


def start(command: List[str], log: Optional[Path] = None, **extra: str) -> "subprocess.Popen[bytes]":
    """Start a command in a process group of its own; what it says goes to a log where one is given."""
    environment: Dict[str, str] = {**os.environ, **QUIET, "HF_HUB_OFFLINE": "1", **extra}
    if log is None:
        return subprocess.Popen(command, cwd=PROJECT, env=environment, start_new_session=True)
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as lines:
        return subprocess.Popen(
            command, cwd=PROJECT, env=environment, start_new_session=True, stdout=lines, stderr=lines
        )


def refuse_taken(settings: Settings) -> None:
    """Make sure that nobody else answers in our place.

    Raises:
        RuntimeError: a port is taken.
    """
    for name in ("rasa_port", "actions_port", "port"):
        port = getattr(settings, name)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                other = f"WHATNOW_{name.upper()}"
                raise RuntimeError(f"port {port} is taken. Is Whatnow running already? If not, set {other} to another.")


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the address answers.

    Raises:
        RuntimeError: the process ended, or the time is up.
    """
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(
                f"{url} cannot start: its process ended with code {process.returncode}; see above and {LOG}."
            )
        try:
            if httpx.get(url, timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    raise RuntimeError(f"{url} did not answer within {STARTING_SECONDS} seconds.")


def stop(processes: List["subprocess.Popen[bytes]"]) -> None:
    """Stop the processes and whatever they started."""
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def interrupted(_signal: int, _frame: object) -> None:
    """Turn a polite stop into the same end as Ctrl-C."""
    raise KeyboardInterrupt
