"""The addresses beside the actions on a real server of their own, over a record whose clock can be set."""

import asyncio
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sanic import Sanic

from actions.guard import HEADER, WORD, guard
from actions.standing import add_standing
from knowledge.training.course import Progress
from knowledge.training.record import Record, connect
from knowledge.training.scenario import load_scenarios
from knowledge.training.whereabouts import Whereabouts
from tests.conftest import free_port
from tests.training.conftest import Clock

SAID = "a word of this test's own"
HEADERS = {HEADER: SAID}


@contextmanager
def answering(where: Whereabouts) -> Iterator[str]:
    """A real server with the two addresses; its own address."""
    app, port, loop = (
        Sanic(f"standing-{uuid.uuid4().hex}", configure_logging=False),
        free_port(),
        asyncio.new_event_loop(),
    )
    app.config.TOUCHUP = False  # Sanic can rewrite itself only once in a process
    guard(app)
    add_standing(app, where)
    server = loop.run_until_complete(app.create_server("127.0.0.1", port, return_asyncio_server=True))
    loop.run_until_complete(server.startup())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(server.close())
        loop.close()


def passed(record: Record, *persons: str, kind: str = "round") -> str:
    """Have somebody who is known as these persons pass a course; return the learner's id."""
    learner = record.learner_at("", persons[0]) or record.begin("a chat", persons[0], "Jo Bloggs")
    with record.step(learner, Progress(stage="done", kind=kind).model_dump_json()) as open_:
        code = record.give_code(open_, learner)
        record.append(open_, learner.id, "ended", {"passed": True, "course": kind, "share": 1.0, "clauses": {}})
    for person in persons[1:]:
        record.take_up("another chat", person, code)
    return learner.id


@pytest.fixture
def clock() -> Clock:
    """The record's clock."""
    return Clock()


@pytest.fixture
def record(tmp_path, clock: Clock) -> Record:
    """An empty record."""
    return Record(connect(f"sqlite:///{tmp_path / 'training.db'}"), b"a key of thirty-two bytes, or so", clock)


@pytest.fixture
def asked(record: Record, library, monkeypatch) -> Iterator[str]:
    """The address of a server that answers by this record."""
    monkeypatch.setenv(WORD, SAID)
    with answering(Whereabouts(record, load_scenarios(), library.policy)) as url:
        yield url
