"""A clock on the wall that can be set while the parts run, as when somebody sets a machine's time.

The parts load clock.c before all else; the machine's own clock is never touched.
"""

import contextlib
import shutil
import subprocess
import time
from pathlib import Path
from typing import Dict, Iterator

from bot.faults.whole import Fault, Whole

SOURCE = Path(__file__).with_name("clock.c")
CLOCK = "clock"  # the file that says by how many seconds the parts' clock is off
SEEN_SECONDS = 1.0
HOUR, DAY = 3600, 86400


def jump(seconds: int) -> Fault:
    """Return the fault of a clock that jumps by so many seconds, and jumps back afterwards."""

    @contextlib.contextmanager
    def fault(whole: Whole) -> Iterator[None]:
        try:
            set_clock(whole.settings.state, seconds)
            yield
        finally:
            set_clock(whole.settings.state, 0)

    return fault


def set_clock(folder: Path, seconds: int) -> None:
    """Set the clock that the parts see; what they do every second has seen it afterwards."""
    with (folder / CLOCK).open("r+b") as file:
        file.write(seconds.to_bytes(8, "little", signed=True))
    time.sleep(SEEN_SECONDS)


def with_clock(folder: Path) -> Dict[str, str]:
    """Return the environment by which parts see a clock that can be set (Linux).

    Raises:
        RuntimeError: there is no C compiler.
    """
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise RuntimeError("no C compiler was found; mend it with:  apt-get install gcc libc6-dev")
    library = folder / "clock.so"
    subprocess.run([compiler, "-O2", "-Wall", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    (folder / CLOCK).write_bytes(bytes(8))
    return {"LD_PRELOAD": str(library), "WHATNOW_CLOCK": str(folder / CLOCK)}
