"""The weights and thresholds of the engine, read from thresholds.yml. Chosen by tune.py, never by hand here."""

import math
from pathlib import Path

from knowledge.load import read
from knowledge.paths import ROOM
from knowledge.record import Record

SMALLEST = 1e-4


class Thresholds(Record):
    """See thresholds.yml for what each one means."""

    lexical: float
    clauses: float
    temperature: float
    sure_slope: float
    sure_shift: float
    parts: float
    emergency_part: float
    critical: float
    critical_floor: float
    second: float
    second_critical: float
    second_whole: float
    second_clear: float
    clear_critical: float
    step: float
    warning: float
    lean_emergency: float
    lean_small_talk: float
    lean_out_of_scope: float
    lean_question: float
    lean_policy_text: float

    def confidence(self, share: float) -> float:
        """Return how likely an answer of that share is right: the share's log odds, stretched and shifted."""
        return 1 / (1 + math.exp(-(self.sure_slope * log_odds(share) + self.sure_shift)))

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


def log_odds(share: float) -> float:
    """Return the log odds of a share; nothing is taken for certain."""
    return math.log(max(share, SMALLEST) / max(1 - share, SMALLEST))


def load_thresholds(path: Path = ROOM / "thresholds.yml") -> Thresholds:
    """Return the thresholds that were chosen."""
    return read(path, Thresholds)
