"""Break one part at a time and see what staff get: `make faults`. Is it an answer or the safe words, and how soon?

First each part by itself, then what several replicas share. Exits with 1 where staff waited too long for a first word.
"""

import sys
import tempfile
from pathlib import Path
from typing import Dict

from bot.databases import databases
from bot.faults.clock import with_clock
from bot.faults.parts import PARTS
from bot.faults.shared import SHARED
from bot.faults.whole import AT_ONCE, GOING_ON, Fault, Talk, Whole, running

ASKED = 3.0  # seconds


def each_of(faults: Dict[str, Fault], whole: Whole, talk: Talk) -> bool:
    """Bring about every fault and print what became of it; say whether a first word came too late."""
    late = False
    for name, fault in faults.items():
        found = whole.after(fault, talk)
        late = late or found.first > ASKED
        kind = "the answer" if found.answered else "the safe words" if "999" in found.words else found.words
        print(f"{name}: after {found.first:.2f} s {kind}; the answer after {found.recovered:.1f} s", flush=True)
    return late


def main() -> None:
    """Bring about every fault."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), **with_clock(Path(folder))) as whole:
        late = each_of(PARTS, whole, AT_ONCE)
    with tempfile.TemporaryDirectory() as folder, databases() as ours, running(Path(folder), **ours.urls) as whole:
        late = each_of({name: fault(ours) for name, fault in SHARED.items()}, whole, GOING_ON) or late
    sys.exit(late)


if __name__ == "__main__":
    main()
