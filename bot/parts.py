"""The parts of Whatnow: how one action server, Rasa or gateway is started, on a port of its own.

bot.run starts one of each and bot.replicas several; in a container one is started by itself:
`python -m bot.parts rasa 5101`.
Every part finds the others where the settings say, which is where the proxy listens.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional

from bot.endpoints import write_endpoints
from bot.process import LOG, QUIET
from bot.proxy import Replicas, proxy_command
from bot.secret import line_word, load_secret
from bot.settings import PROJECT, Settings

RASA = PROJECT / ".venv-rasa" / "bin" / "python"


class Part(NamedTuple):
    """One process: its name, how it is started, the address at which it says that it is there, and its log."""

    name: str
    command: List[str]
    environment: Dict[str, str]
    url: str
    log: Optional[Path] = None


def actions_part(settings: Settings, port: int) -> Part:
    """Return one more action server."""
    command = [sys.executable, "-m", "actions.serve", "--port", str(port)]
    return Part(f"actions-{port}", command, line(settings), f"http://127.0.0.1:{port}/health")


def rasa_part(settings: Settings, port: int) -> Part:
    """Return one more Rasa; the model is trained first where its sources have changed."""
    command = rasa_command(trained(), port, write_endpoints(settings))
    environment = {**line(settings), "WHATNOW_KEEP_HOURS": str(settings.keep_hours)}
    return Part(f"rasa-{port}", command, environment, f"http://127.0.0.1:{port}/webhooks/line/", LOG)


def trained() -> str:
    """Train what has changed; return the model's path."""
    command, environment = [str(RASA), "-m", "bot.train"], {**os.environ, **QUIET}
    found = subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.PIPE)
    return found.stdout.decode().splitlines()[-1]


def rasa_command(model: str, port: int, endpoints: Path) -> List[str]:
    """Return the command that serves the model on this machine only."""
    return [
        *(str(RASA), "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port), "--model", model),
        *("--credentials", "bot/credentials.yml", "--endpoints", str(endpoints), "--quiet"),
    ]


def gateway_part(settings: Settings, port: int, host: str = "") -> Part:
    """Return one more gateway, heard where the settings say or, behind a proxy, at a host of its own."""
    command = [sys.executable, "-m", "bot.gateway.serve"]
    environment = {"WHATNOW_PORT": str(port), "WHATNOW_HOST": host or settings.host}
    home = settings.gateway_url.rpartition(":")[0] if not host else f"http://{host}"
    return Part(f"gateway-{port}", command, environment, f"{home}:{port}/health")


def proxy_part(settings: Settings, replicas: Replicas) -> Part:
    """Return the proxy in front of all of them."""
    return Part("proxy", proxy_command(settings, replicas), {}, f"{settings.gateway_url}/health")


def line(settings: Settings) -> Dict[str, str]:
    """Return the environment that tells a part the gateway's word."""
    return {"WHATNOW_LINE_WORD": line_word(load_secret(settings.state))}


KINDS = {"actions": actions_part, "rasa": rasa_part, "gateway": gateway_part}


def main() -> None:
    """Become the part that is asked for."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind in KINDS:
        kinds.add_parser(kind).add_argument("port", type=int)
    proxy = kinds.add_parser("proxy")
    for kind in Replicas._fields:
        proxy.add_argument(f"--{kind}", type=int, nargs="+", required=True)
    asked, settings = parser.parse_args(), Settings()
    if asked.kind == "proxy":
        part = proxy_part(settings, Replicas(*(getattr(asked, kind) for kind in Replicas._fields)))
    else:
        part = KINDS[asked.kind](settings, asked.port)
    os.chdir(PROJECT)
    os.execvpe(part.command[0], part.command, {**os.environ, **QUIET, **part.environment})  # noqa: S606  (no shell)


if __name__ == "__main__":
    main()
