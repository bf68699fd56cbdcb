"""Start everything, say when and where it is ready, and stop everything on Ctrl-C: `make run`.

Three processes: the action server (Python 3.11, with the engine) and Rasa (3.10), both on 127.0.0.1, and the gateway
(3.11), the only one that may listen beyond. It trains first what has changed, and answers no message itself.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, List, Optional

import httpx

from bot.secret import line_word, load_secret
from bot.settings import PROJECT, Settings

RASA = PROJECT / ".venv-rasa" / "bin" / "python"
LOG = PROJECT / ".built" / "rasa.log"
STARTING_SECONDS = 900
QUIET = {
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
    "RASA_TELEMETRY_ENABLED": "false",
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


def rasa_command(model: str, port: int) -> List[str]:
    """Return the command that serves the model on this machine only."""
    return [
        *(str(RASA), "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port), "--model", model),
        *("--credentials", "bot/credentials.yml", "--endpoints", "bot/endpoints.yml", "--quiet"),
    ]


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


def trained() -> str:
    """Train what has changed; return the model's path."""
    command, environment = [str(RASA), "-m", "bot.train"], {**os.environ, **QUIET}
    found = subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.PIPE)
    return found.stdout.decode().splitlines()[-1]


def start_rasa(settings: Settings, model: str) -> "subprocess.Popen[bytes]":
    """Start Rasa, with the word that the gateway will say to it."""
    word = line_word(load_secret(settings.state))
    return start(
        rasa_command(model, settings.rasa_port), LOG, ACTIONS_PORT=str(settings.actions_port), WHATNOW_LINE_WORD=word
    )


def start_all(settings: Settings, processes: List["subprocess.Popen[bytes]"]) -> None:
    """Start the three parts, add each to the list as soon as it runs, and wait until all answer."""
    print("Starting the engine ...", file=sys.stderr, flush=True)
    actions = start([sys.executable, "-m", "actions.serve", "--port", str(settings.actions_port)])
    processes.append(actions)
    subprocess.run([sys.executable, "-m", "knowledge.publish"], cwd=PROJECT, check=True)
    model = trained()
    print("Starting Rasa ...", file=sys.stderr, flush=True)
    processes.append(start_rasa(settings, model))
    processes.append(start([sys.executable, "-m", "bot.gateway.serve"]))
    urls = (settings.actions_url, settings.rasa_url, f"{settings.gateway_url}/health")
    for url, process in zip(urls, processes, strict=True):
        wait_for(url, process)


def main() -> None:
    """Start, wait, serve until stopped."""
    for polite in (signal.SIGTERM, signal.SIGINT):  # SIGINT too: a shell starts background jobs deaf to it
        signal.signal(polite, interrupted)
    began, processes = time.monotonic(), []  # type: float, List["subprocess.Popen[bytes]"]
    try:
        settings = Settings()
        refuse_taken(settings)
        start_all(settings, processes)
        print(
            f"Whatnow is ready after {time.monotonic() - began:.0f} seconds: open {settings.gateway_url}/\n"
            "make chat, in another terminal, to talk there; Ctrl-C to stop.",
            flush=True,
        )
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        sys.exit(f"A part has stopped by itself; see above and {LOG}. Stopping the rest.")
    except KeyboardInterrupt:
        print("Stopping ...", file=sys.stderr)
    except (RuntimeError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"Whatnow could not start: {error}")
    finally:
        stop(processes)


if __name__ == "__main__":
    main()
