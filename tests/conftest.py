"""What the tests share: the real engine, the real servers, and the contract. Nothing here is faked."""

import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from bot.process import stop, wait_for
from bot.servers import apart, environment_of, free_port
from bot.settings import Settings
from knowledge.clause import fold
from knowledge.engine import Engine, load_engine
from knowledge.load import Library, load_library
from knowledge.paths import SOURCE

PROJECT = Path(__file__).parent.parent
SCHEMA = json.loads((PROJECT / "tests/contract/reply.schema.json").read_text(encoding="utf8"))
os.environ["WHATNOW_STATE"] = tempfile.mkdtemp(prefix="whatnow-")  # no test writes to a real record
Check = Callable[[dict[str, Any]], dict[str, Any]]
Talk = Callable[[str], dict[str, Any]]
free_settings = apart  # ports that nobody listens on, and a state of their own


@pytest.fixture(scope="session")
def library() -> Library:
    """Everything the data files say."""
    return load_library()


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The real engine, with the real encoder."""
    return load_engine()


@pytest.fixture(scope="session")
def check() -> Check:
    """Hold a reply against the contract, and every quote against the source."""
    validator, source = Draft202012Validator(SCHEMA), fold(SOURCE.read_text(encoding="utf8"))

    def checked(reply: dict[str, Any]) -> dict[str, Any]:
        validator.validate(reply)
        assert [each["number"] for each in reply.get("clauses", []) if fold(each["quote"]) not in source] == []
        return reply

    return checked


def output_of(settings: Settings) -> Path:
    """Return where everything stands that the processes of these settings have said."""
    return settings.state.with_name(f"{settings.state.name}.output")


@contextmanager
def heard(settings: Settings, module: str, **extra: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of these settings; what it says is kept, and shown where a test fails."""
    command, environment = [sys.executable, "-m", module], {**environment_of(settings), **extra}
    settings.state.mkdir(parents=True, exist_ok=True)
    with output_of(settings).open("ab") as said:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, start_new_session=True, stdout=said, stderr=said
        )
    try:
        yield process
    finally:
        stop([process])
        print(output_of(settings).read_text(encoding="utf8", errors="replace")[-8000:])  # noqa: T201


@contextmanager
def running(settings: Settings, **extra: str) -> Iterator[Settings]:
    """The real servers, started as `make run` starts them."""
    with heard(settings, "bot.run", **extra) as process:
        for url in (settings.actions_url, settings.rasa_url, f"{settings.gateway_url}/health"):
            wait_for(url, process)
        yield settings


@contextmanager
def gateway_alone(settings: Settings) -> Iterator[Settings]:
    """The real gateway, in front of whatever listens at these settings."""
    with heard(settings, "bot.gateway.serve") as process:
        wait_for(f"{settings.gateway_url}/health", process)
        yield settings


@pytest.fixture(scope="session")
def host_port() -> int:
    """The port of a page, of another origin, that may embed the widget."""
    return free_port()


@pytest.fixture(scope="session")
def server(tmp_path_factory, host_port: int) -> Iterator[Settings]:
    """The real gateway, Rasa server and action server."""
    folder = tmp_path_factory.mktemp("state")
    ours = {"origins": (f"http://localhost:{host_port}",), "each_address": "10000 per 10 seconds"}  # one address here
    with running(free_settings(folder, **ours)) as settings:
        yield settings


@pytest.fixture
def talk(server: Settings, check: Check) -> Talk:
    """Say something in one conversation of its own; return the checked reply object."""
    sender = f"test-{uuid.uuid4().hex}"

    def say(text: str) -> dict[str, Any]:
        answered = httpx.post(server.webhook, json={"sender": sender, "message": text}, timeout=60)
        messages = answered.raise_for_status().json()
        assert len(messages) == 1
        assert messages[0]["text"] == messages[0]["custom"]["text"]
        return check(messages[0]["custom"])

    return say
