"""The same record on a real PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from knowledge.training.desk import Desk, Place
from knowledge.training.record import Record, connect
from tests.conftest import free_port
from tests.deploy.conftest import databases_on
from tests.training.conftest import begun, choice, finish


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own."""
    with databases_on(free_port(), free_port()) as urls:
        yield urls["WHATNOW_TRAINING_URL"]


@pytest.fixture
def far_desk(base: str, desk: Desk, clock) -> Desk:
    """A desk whose record is in PostgreSQL."""
    return Desk(desk.engine, desk.spoken, Record(connect(base), b"a key of thirty-two bytes, or so", clock))


def test_a_course_is_recorded_and_the_chain_holds(far_desk: Desk) -> None:
    place = Place("web-1")
    begun(far_desk, place)

    assert finish(far_desk, place).training.passed
    assert far_desk.record.verify() == len(far_desk.record.entries())


def test_ten_people_at_once_make_one_unbroken_chain(far_desk: Desk) -> None:
    places = [Place(f"web-many-{n}") for n in range(10)]
    before = len(far_desk.record.entries())

    def play_some(place: Place) -> None:
        begun(far_desk, place)
        for _ in range(3):
            far_desk.turn(place, choice(far_desk, place, "right"))

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(play_some, places))

    assert far_desk.record.verify() == before + 10 * 4
