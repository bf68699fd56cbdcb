"""The weights and thresholds of the engine, read from thresholds.yml. Chosen by tune.py, never by hand here."""

from pathlib import Path

from knowledge.load import read
from knowledge.paths import ROOM
from knowledge.record import Record


class Thresholds(Record):
    """See thresholds.yml for what each one means."""

    lexical: float
    neighbours: float
    clauses: float
    prior: float
    temperature: float
    parts: float
    emergency_part: float
    critical: float
    critical_floor: float
    second: float
    second_critical: float
    second_whole: float
    second_clear: float
    step: float
    warning: float
    lean_emergency: float
    lean_small_talk: float
    lean_out_of_scope: float
    lean_question: float
    lean_policy_text: float

    @property
    def leaning(self) -> dict[str, float]:
        """What is added to the worth of each kind of reply."""
        return {
            "emergency": self.lean_emergency,
            "small_talk": self.lean_small_talk,
            "out_of_scope": self.lean_out_of_scope,
            "question": self.lean_question,
            "policy_text": self.lean_policy_text,
        }


def load_thresholds(path: Path = ROOM / "thresholds.yml") -> Thresholds:
    """Return the thresholds that were chosen."""
    return read(path, Thresholds)
