"""The stock proxy (nginx) in front of the replicas: its configuration, made from deploy/nginx.conf.jinja.

It listens where the settings say that gateway, Rasa and action server are, so no part knows how many there are.
"""

import json
import shutil
from pathlib import Path
from typing import List, NamedTuple

from jinja2 import Environment, StrictUndefined

from bot.gateway.refusal import safe_words
from bot.settings import PROJECT, Settings

PLACES = "/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin:/opt/homebrew/bin"
TEMPLATE = PROJECT / "deploy" / "nginx.conf.jinja"


class Replicas(NamedTuple):
    """The ports of each kind's replicas, on this machine."""

    gateways: List[int]
    rasa: List[int]
    actions: List[int]


def proxy_command(settings: Settings, replicas: Replicas) -> List[str]:
    """Write the proxy's configuration into the state's folder; return the command that serves it.

    Raises:
        RuntimeError: there is no proxy on this machine.
    """
    found = shutil.which("nginx", path=PLACES)
    if found is None:
        raise RuntimeError("nginx was not found; mend it with:  apt-get install nginx")
    folder = settings.state / "proxy"
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nginx.conf"
    config.write_text(configuration(settings, replicas, folder), encoding="utf8")
    return [found, "-p", str(folder), "-e", "stderr", "-c", str(config)]


def configuration(settings: Settings, replicas: Replicas, folder: Path) -> str:
    """Return the proxy's configuration; the folder is where it keeps its own files."""
    template = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701
    source = template.from_string(TEMPLATE.read_text(encoding="utf8"))
    answer = json.dumps({"error": "down", "text": safe_words()})
    said = {"words": quoted(safe_words()), "object": quoted(answer)}
    return source.render(settings=settings, replicas=replicas, folder=folder.resolve(), **said)


def quoted(text: str) -> str:
    """Return a text as nginx reads it.

    Raises:
        ValueError: it holds a sign that nginx would fill in.
    """
    if "$" in text:
        raise ValueError("nginx cannot say a dollar sign")
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
