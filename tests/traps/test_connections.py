"""Nothing leaves the machine: no telemetry, no model, no font. And nothing outside is needed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import PROJECT
from tests.traps.conftest import train_command

pytestmark = pytest.mark.server
OUTSIDE = """
import socket, time
there = socket.socket()
there.setblocking(False)
there.connect_ex(("198.51.100.1", 443))
time.sleep(1)
"""


class Done(NamedTuple):
    """What a command has said, how it was watched, and where it tried to go."""

    lines: list[str]
    watched: str
    places: list[tuple[str, int]]


def alone(*command: str, home: Path) -> Done:
    """Run a command where nothing but this machine can be reached, with nothing set in its favour."""
    bare = {name: value for name, value in os.environ.items() if "TELEMETRY" not in name and "XDG" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "tests.traps.alone", *command],
        cwd=PROJECT,
        env={**bare, "HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    *lines, last = done.stdout.splitlines()
    watched, places = json.loads(last)
    return Done(lines, watched, [(place, port) for place, port in places])


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A home in which there is nothing."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def ours(home: Path) -> Done:
    """The real servers, from their start to their stop, with some turns, some training and both platforms set up."""
    return alone(sys.executable, "-W", "ignore", "-m", "tests.traps.speak", str(home / "state"), home=home)


@pytest.mark.parametrize("how", [(), ("--sockets",)], ids=["as it can be", "by sockets"])
def test_what_leaves_the_machine_is_seen(how: tuple[str, ...], home: Path) -> None:
    assert alone(*how, sys.executable, "-c", OUTSIDE, home=home).places == [("198.51.100.1", 443)]


def test_nothing_leaves_the_machine_while_no_platform_is_used(ours: Done) -> None:
    assert ours.places == []


def test_everything_works_without_a_network(ours: Done) -> None:
    told = json.loads(ours.lines[-1])

    assert told["replies"][0]["clauses"][0]["number"] == "2.6.2"
    assert {each["type"] for each in told["replies"][2:]} == {"training"}
    assert told["pages"] == [200, 200, 200, 200]


def test_nothing_is_gathered_to_be_sent_later(ours: Done, home: Path) -> None:
    """As it comes, onnxruntime writes events into the home, and sends them when it has time."""
    assert [file.name for file in home.rglob("*onnxruntime*")] == []


def test_rasa_s_own_training_tells_nobody(tmp_path) -> None:
    assert alone(*train_command(tmp_path), home=tmp_path).places == []
