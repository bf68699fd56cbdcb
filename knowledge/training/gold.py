"""Blind-written answers of trainees, and how well they are judged: `make evaluate` prints it beside the rest.

tests/gold/trainee-test.jsonl is frozen; trainee-tuning.jsonl is what choices are made on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.gold import GOLD
from knowledge.record import Procedure
from knowledge.training.spoken import Spoken


@dataclass(frozen=True)
class Figures:
    """How an answer's judge did: named steps, harm found of what there was, harm seen where there was none."""

    f1: float
    precision: float
    recall: float
    harm_found: int
    harmful: int
    harm_seen: int
    harmless: int


def load_answers(name: str) -> list[dict[str, Any]]:
    """Return the answers of a set, 'test' or 'tuning'."""
    lines = (GOLD / f"trainee-{name}.jsonl").read_text(encoding="utf8").splitlines()
    return [json.loads(line) for line in lines]


def measure(spoken: Spoken, procedures: Mapping[str, Procedure], answers: list[dict[str, Any]]) -> Figures:
    """Return how well the answers are judged; steps are counted over all of them."""
    right = wrong = lost = 0
    found = {True: [0, 0], False: [0, 0]}
    for each in answers:
        judged = spoken.judge(each["text"], procedures[each["procedure"]])
        required = {step.code for step in procedures[each["procedure"]].do}
        wanted, named = set(each["does"]) & required, set(judged.named)
        right, wrong, lost = right + len(wanted & named), wrong + len(named - wanted), lost + len(wanted - named)
        counted = found[each["verdict"] == "harmful"]
        counted[0] += bool(judged.harm)
        counted[1] += 1
    precision, recall = right / (right + wrong), right / (right + lost)
    f1 = 2 * precision * recall / (precision + recall)
    return Figures(f1, precision, recall, *found[True], *found[False])
