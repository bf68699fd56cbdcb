"""Parts are killed at random while people talk and practise: the short form of `make chaos`."""

import subprocess
import sys

import pytest

from tests.conftest import PROJECT

pytestmark = pytest.mark.server


def test_nothing_is_lost_or_doubled_while_parts_are_killed() -> None:
    command = [sys.executable, "-m", "bot.chaos", "--kills", "6"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    assert "killed 6:" in done.stdout, done.stderr
    assert "lost, doubled or wrong: 0" in done.stdout
    assert done.returncode == 0
