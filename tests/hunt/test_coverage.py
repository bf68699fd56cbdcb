"""`make fuzz` in its short form: bytes that find their own way into the readers, and no other end than a refusal."""

import subprocess
import sys

from tests.conftest import PROJECT

RUNS = 20_000


def test_twenty_thousand_inputs_that_seek_new_code_are_read_or_refused() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "bot.fuzz", f"-runs={RUNS}", "-seed=1", "-timeout=10"]
    found = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stderr[-3000:]
    assert f"Done {RUNS} runs" in found.stderr
