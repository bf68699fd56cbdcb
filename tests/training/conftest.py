"""A training desk on a record of its own, with the real engine and the real judge of answers."""

from datetime import UTC, datetime, timedelta

import pytest

from knowledge.training import certificate
from knowledge.training.desk import Desk, Place
from knowledge.training.opened import reports
from knowledge.training.record import Record, connect
from knowledge.training.scenario import Scenario, load_scenarios
from knowledge.training.spoken import Spoken


class Clock:
    """A clock that can be set."""

    def __init__(self) -> None:
        """Begin on a day in spring."""
        self.now = datetime(2026, 4, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time, a second later each time it is asked."""
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The record's clock."""
    return Clock()


@pytest.fixture
def record(tmp_path, clock: Clock, monkeypatch) -> Record:
    """An empty record."""
    monkeypatch.setattr(certificate, "FOLDER", tmp_path / "certificates")
    return Record(connect(f"sqlite:///{tmp_path / 'training.db'}"), b"a key of thirty-two bytes, or so", clock)


@pytest.fixture(scope="session")
def spoken(engine) -> Spoken:
    """The real judge of answers."""
    return Spoken(engine.reader.encoder, reports(engine))


@pytest.fixture(scope="session")
def scenarios() -> dict[str, Scenario]:
    """All scenarios."""
    return load_scenarios()


@pytest.fixture
def desk(engine, spoken: Spoken, record: Record) -> Desk:
    """A desk."""
    return Desk(engine, spoken, record)


@pytest.fixture
def place() -> Place:
    """Somebody in a browser."""
    return Place("web-1")


def begun(desk: Desk, place: Place, course: str = "1", name: str = "Jo Bloggs") -> None:
    """Begin a course, and answer all that comes before its first story."""
    desk.command(place, "start")
    for said in (course, name, "2", "2", "3"):
        desk.turn(place, said)


def choice(desk: Desk, place: Place, *verdicts: str) -> str | None:
    """Return the text of a choice of such a verdict in the present scene; None where there is none."""
    _, progress = desk.where(place)
    scene = desk.scenarios[progress.now].scenes[progress.scene]
    return next((each.text for verdict in verdicts for each in scene.choices if each.verdict == verdict), None)


def play(desk: Desk, place: Place, *verdicts: str):
    """Play to the end of the stories by choices of such a verdict; return the last reply."""
    reply = None
    while desk.where(place)[1].stage == "scenes":
        reply = desk.turn(place, choice(desk, place, *verdicts, "right"))
    return reply


def finish(desk: Desk, place: Place, *verdicts: str):
    """Play to the very end; return what the course came to."""
    play(desk, place, *verdicts)
    return [desk.turn(place, "4") for _ in range(3)][-1]
