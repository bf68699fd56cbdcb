"""The same record on a real PostgreSQL."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.training.desk import Desk, Place
from knowledge.training.record import Record, connect
from tests.conftest import free_port
from tests.training.conftest import begun, choice, finish

OTHER = "postgres"  # it refuses to run as root


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Iterator[str]:
    """A PostgreSQL server of our own on a free port; its URL."""
    found = shutil.which("initdb") or str(next(Path("/usr/lib/postgresql").glob("*/bin/initdb")))
    folder, port = Path(f"/tmp/whatnow-postgresql-{os.getpid()}"), free_port()  # noqa: S108  (its user must reach it)
    subprocess.run(["rm", "-rf", str(folder)], check=True)
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, OTHER)

    def as_other(*command: str) -> None:
        prefix = ["runuser", "-u", OTHER, "--"] if os.geteuid() == 0 else []
        subprocess.run([*prefix, *command], check=True, cwd="/", stdout=subprocess.DEVNULL)

    control, data = str(Path(found).with_name("pg_ctl")), str(folder / "data")
    as_other(found, "-D", data, "-U", "whatnow", "--auth=trust", "--no-sync")
    options = f"-p {port} -h 127.0.0.1 -k {folder}"
    as_other(control, "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
    yield f"postgresql+psycopg://whatnow@127.0.0.1:{port}/postgres"
    as_other(control, "-D", data, "-m", "immediate", "stop")
    subprocess.run(["rm", "-rf", str(folder)], check=True)


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
