"""A real Learning Record Store (Ralph, on its file back-end) takes every choice, and none is lost while it is down."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot.process import start, stop
from bot.settings import PROJECT
from knowledge.training.sender import Sender
from knowledge.training.tables import OUTBOX
from tests.conftest import free_port
from tests.training.conftest import begun, play

PYTHON = PROJECT / ".venv-lrs" / "bin" / "python"
# Ralph's file back-end refuses its second write as it comes (it creates, never appends): told to append, it serves.
APPENDING = """
import sys
import uvicorn
from ralph.backends.data.base import BaseOperationType
from ralph.backends.data.fs import FSDataBackend
FSDataBackend.default_operation_type = BaseOperationType.APPEND
uvicorn.run("ralph.api:app", host="127.0.0.1", port=int(sys.argv[1]))
"""
USER, PASSWORD = "whatnow", "a word for tests"
HEADERS = {"X-Experience-API-Version": "1.0.3"}


@contextmanager
def store(folder: Path, port: int) -> Iterator[str]:
    """Ralph, serving xAPI at the address that is yielded."""
    folder.mkdir(exist_ok=True)
    hashing = "import bcrypt, sys; print(bcrypt.hashpw(sys.argv[1].encode(), bcrypt.gensalt(4)).decode())"
    command = [str(PYTHON), "-c", hashing, PASSWORD]
    hashed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    agent = {"objectType": "Agent", "account": {"homePage": "https://whatnow.invalid", "name": USER}}
    login = {"username": USER, "hash": hashed, "scopes": ["all"], "agent": agent}
    (folder / "auth.json").write_text(json.dumps([login]), encoding="utf8")
    process = start(
        [str(PYTHON), "-c", APPENDING, str(port)],
        folder / "ralph.log",
        RALPH_APP_DIR=str(folder),
        RALPH_AUTH_FILE=str(folder / "auth.json"),
        RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH=str(folder / "data"),
        RALPH_RUNSERVER_BACKEND="fs",
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if httpx.get(f"http://127.0.0.1:{port}/__heartbeat__", timeout=2).is_success:
                    break
            except httpx.HTTPError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/xAPI"
    finally:
        stop([process])


def statements(url: str) -> list[dict[str, object]]:
    """Return the statements that the store holds."""
    found = httpx.get(f"{url}/statements", auth=(USER, PASSWORD), headers=HEADERS)
    return found.raise_for_status().json()["statements"]


@pytest.fixture(scope="module")
def ralph(tmp_path_factory) -> Iterator[str]:
    """One store for all tests here."""
    with store(tmp_path_factory.mktemp("ralph"), free_port()) as url:
        yield url


@pytest.fixture
def sender(record, tmp_path, ralph: str) -> Sender:
    """A sender to the store."""
    return Sender(record.engine, ralph, (USER, PASSWORD), tmp_path / "xapi.jsonl")


def test_every_choice_reaches_the_store_with_its_clause(desk, place, record, sender, ralph) -> None:
    begun(desk, place)
    play(desk, place)
    chosen = [each for each in record.entries() if each.kind == "chose"]
    assert sender.send() == len(chosen)
    held = {each["id"]: each for each in statements(ralph)}
    mine = [each for each in held.values() if each["actor"]["account"]["name"] == chosen[0].learner]
    clauses = {each["context"]["contextActivities"]["grouping"][0]["id"].split("#")[1] for each in mine}

    assert len(mine) == len(chosen)
    assert clauses == {each.data["clause"] for each in chosen}
    assert {each["version"] for each in mine} == {"1.0.3"}


def test_no_name_reaches_the_store(desk, place, sender, ralph) -> None:
    begun(desk, place)
    play(desk, place)
    sender.send()

    assert "Bloggs" not in json.dumps(statements(ralph))


def test_what_is_sent_again_is_kept_once(desk, place, record, sender, ralph) -> None:
    begun(desk, place)
    play(desk, place)
    with record.engine.connect() as open_:
        queued = [json.loads(row.statement) for row in open_.execute(select(OUTBOX))]
    sender.post(queued)
    sender.send()
    ids = [each["id"] for each in statements(ralph)]

    assert len(ids) == len(set(ids))


def test_the_store_checks_what_it_is_given(ralph) -> None:
    bad = {"actor": {"mbox": "mailto:a@b.uk"}, "object": {"id": "https://whatnow.invalid/x"}}
    refused = httpx.post(f"{ralph}/statements", json=bad, auth=(USER, PASSWORD), headers=HEADERS)

    assert refused.status_code in (400, 422)


def test_a_store_that_is_down_for_a_while_loses_nothing(desk, place, record, tmp_path) -> None:
    port = free_port()
    sender = Sender(record.engine, f"http://127.0.0.1:{port}/xAPI", (USER, PASSWORD), tmp_path / "xapi.jsonl")
    begun(desk, place)
    play(desk, place)
    count = len([each for each in record.entries() if each.kind == "chose"])
    with pytest.raises(httpx.HTTPError):
        sender.send()
    with store(tmp_path / "late", port) as url:
        sender.send()

        assert len(statements(url)) == count
    assert len((tmp_path / "xapi.jsonl").read_text(encoding="utf8").splitlines()) == count


def test_without_a_store_statements_go_to_the_file(desk, place, record, tmp_path) -> None:
    begun(desk, place)
    play(desk, place)
    sent = Sender(record.engine, lines=tmp_path / "xapi.jsonl").send()

    assert sent == len((tmp_path / "xapi.jsonl").read_text(encoding="utf8").splitlines()) > 0
