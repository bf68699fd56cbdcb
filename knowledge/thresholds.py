"""The weights and thresholds of the engine, read from thresholds.yml. Chosen by tune.py, never by hand here."""

from pathlib import Path

from knowledge.load import read
from knowledge.paths import ROOM
from knowledge.record import Record


class Thresholds(Record):
    """See thresholds.yml for what each one means."""

    temperature: float
    neighbours: float
    clauses: float
    parts: float
    emergency: float
    out_of_scope: float
    ask: float
    text: float
    second: float
    second_whole: float
    critical_floor: float
    small_talk: float


def load_thresholds(path: Path = ROOM / "thresholds.yml") -> Thresholds:
    """Return the thresholds that were chosen."""
    return read(path, Thresholds)
