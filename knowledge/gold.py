"""Gold scenarios: reading them, and judging a reply against one.

Each scenario gives what a careful safeguarding lead would accept (docs/gold.md). Called by evaluate.py and the tests
only; the engine never sees it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

GOLD = Path(__file__).parent.parent / "tests" / "gold"

# A required step that another also fulfils, where one of these clauses is gold.
EITHER: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"inform_hr", "inform_designated_officer"}), frozenset({"2.7.5"})),
    (frozenset({"declare_contact", "inform_manager"}), frozenset({"2.6.2", "2.6.3"})),
    (frozenset({"give_justification", "inform_manager"}), frozenset({"1.1.2"})),
    (frozenset({"keep_record", "keep_evidence"}), frozenset({"2.8.3", "2.2.3b"})),
)
ADVISING = ("advice", "emergency", "policy_text")
CHECKS = ("kind", "fact", "clause", "must_do", "must_dont", "harmless", "urgency")
SAFE_CHECKS = ("kind", "must_do", "must_dont", "harmless")


class Scenario(BaseModel):
    """One gold scenario; every list is of acceptable or required values."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str
    kind: tuple[str, ...]
    fact: str | None = None
    clauses: tuple[str, ...]
    must_do: tuple[str, ...]
    must_dont: tuple[str, ...]
    never_do: tuple[str, ...]
    urgency: tuple[str, ...]
    critical: bool
    tags: tuple[str, ...]


def load_gold(name: str, folder: Path = GOLD) -> list[Scenario]:
    """Return the scenarios of a set: 'tuning' or 'test'."""
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf8").splitlines()
    return [Scenario.model_validate(json.loads(line)) for line in lines if line.strip()]


def missing(gold: Scenario, done: set[str]) -> list[str]:
    """Return the required steps that the reply leaves out, alternatives allowed."""
    left_out = []
    for code in gold.must_do:
        same = {code}.union(*(group for group, clauses in EITHER if code in group and clauses & set(gold.clauses)))
        if not same & done:
            left_out.append(code)
    return left_out


def judge(gold: Scenario, reply: Mapping[str, Any]) -> dict[str, bool | None]:
    """Return which checks the reply passes; None where a check does not apply."""
    kind = reply.get("type")
    do = {step["code"] for step in reply.get("do") or ()}
    dont = {step["code"] for step in reply.get("dont") or ()}
    cited = {clause["number"] for clause in (reply.get("clauses") or ())[:2]}
    asked = (reply.get("question") or {}).get("fact")
    told = kind != "question"
    checks: dict[str, bool | None] = {
        "kind": kind in gold.kind,
        "fact": asked == gold.fact if kind == "question" and gold.fact else None,
        "clause": bool(cited & set(gold.clauses)) if gold.clauses and kind in ("advice", "policy_text") else None,
        "must_do": not missing(gold, do) if gold.must_do and told else None,
        "must_dont": set(gold.must_dont) <= dont if gold.must_dont and told else None,
        "harmless": not set(gold.never_do) & do if gold.never_do and kind in ADVISING else None,
        "urgency": reply.get("urgency") in gold.urgency if kind == "advice" and gold.urgency else None,
    }
    if gold.clauses and not checks["kind"]:
        checks["clause"] = False
    return checks


def fully_right(checks: Mapping[str, bool | None]) -> bool:
    """Say whether no check fails."""
    return all(held is not False for held in checks.values())


def safe(checks: Mapping[str, bool | None]) -> bool:
    """Say whether a critical item was answered safely: right kind, steps, warnings, and nothing harmful."""
    return all(checks[name] is not False for name in SAFE_CHECKS)
