"""Where a learner stands by the record alone: what is done, wrong or stale, what is complete, due or overdue.

A completion holds for a year, or until a clause that it covers changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from knowledge.clause import Policy
from knowledge.training.record import Entry
from knowledge.training.scenario import Scenario

VALID = timedelta(days=365)
SOON = timedelta(days=30)
State = Literal["complete", "due", "overdue", "begun"]


@dataclass(frozen=True)
class Standing:
    """One learner's standing: scenarios done and stale, the last passed course, until when it holds."""

    done: frozenset[str]
    stale: tuple[str, ...]
    passed: Entry | None
    until: datetime | None
    state: State


def standing(entries: Iterable[Entry], scenarios: Mapping[str, Scenario], policy: Policy, now: datetime) -> Standing:
    """Return where a learner stands, by their entries in order."""
    last: dict[str, tuple[bool, datetime]] = {}
    passed: Entry | None = None
    for each in entries:
        at = datetime.fromisoformat(each.at)
        if each.kind == "chose" and each.data["scenario"] in scenarios:
            right = each.data["verdict"] == "right" and still_right(last, each, at)
            last[each.data["scenario"]] = (right, at)
        if each.kind == "ended" and each.data["passed"]:
            passed = each
    stale = tuple(sorted(name for name, (right, at) in last.items() if not right or now - at > VALID))
    until = datetime.fromisoformat(passed.at) + VALID if passed else None
    return Standing(frozenset(last), stale, passed, until, state_of(passed, until, policy, now))


def by_learner(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return each learner's own entries, in their order."""
    own: dict[str, list[Entry]] = {}
    for each in entries:
        own.setdefault(each.learner, []).append(each)
    return own


def still_right(last: Mapping[str, tuple[bool, datetime]], entry: Entry, at: datetime) -> bool:
    """Say whether a right choice leaves its scenario right: not where an earlier one of the same sitting was not."""
    right, before = last.get(entry.data["scenario"], (True, at))
    return right or at - before > timedelta(hours=1)


def state_of(passed: Entry | None, until: datetime | None, policy: Policy, now: datetime) -> State:
    """Return complete, due within a month, overdue (by time or by a changed clause), or only begun."""
    if passed is None or until is None:
        return "begun"
    marks: Mapping[str, str] = passed.data["clauses"]
    changed = any(number not in policy.clauses or policy.clauses[number].mark != mark for number, mark in marks.items())
    if changed or now > until:
        return "overdue"
    return "due" if until - now <= SOON else "complete"
