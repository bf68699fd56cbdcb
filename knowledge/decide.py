"""Decide which reply a reading calls for: the one of the highest expected worth.

Every label's worth is weighed over what may be true, with a tuned leaning for each kind of reply. An emergency comes
before all else, and a critical reading that is plausible is never left out. It composes nothing.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from knowledge import worth
from knowledge.beside import beside
from knowledge.found import INDECENT, NOTHING, Beside, Found
from knowledge.guard import says_child_images, says_emergency
from knowledge.load import Library
from knowledge.reading import Reading
from knowledge.record import Procedure, Step
from knowledge.thresholds import Thresholds
from knowledge.together import first_of_each
from knowledge.worth import EMERGENCY

GUARDED_FLOOR = 0.02


class Way(Enum):
    """The ways to reply, by the contract's types."""

    EMERGENCY = "emergency"
    SMALL_TALK = "small_talk"
    OUT_OF_SCOPE = "out_of_scope"
    QUESTION = "question"
    TEXT = "policy_text"
    ADVICE = "advice"


@dataclass(frozen=True)
class Decision:
    """How to reply, with which label or procedures; what to warn of besides, and whether to name 999 first."""

    way: Way
    label: str = ""
    found: tuple[Found, ...] = ()
    beside: Beside = NOTHING
    warn: tuple[Step, ...] = ()
    danger: bool = False


class Judge:
    """Decides on readings; stands on one library and one order of labels."""

    def __init__(self, library: Library, labels: tuple[str, ...]) -> None:
        """Work out every answer's worth once."""
        self.library, self.labels = library, labels
        self.kinds = [worth.kind_of(label, library) for label in labels]
        self._worth = worth.worth_table(labels, library)
        self._same_clause = worth.same_clause_table(labels, library)
        critical = [rule for rule in library.procedures.values() if rule.critical]
        self._critical = sorted(critical, key=lambda rule: rule.id != INDECENT)

    def decide(self, reading: Reading, thresholds: Thresholds) -> Decision:
        """Return the decision on a reading."""
        warn = self.warnings(reading, thresholds)
        if says_emergency(reading.text):
            return Decision(Way.EMERGENCY, EMERGENCY, warn=warn)
        danger = reading.highest(EMERGENCY) >= thresholds.emergency_part
        column = int(np.argmax(self.values(reading, thresholds)))
        way, label = Way(self.kinds[column]), self.labels[column]
        if danger and way is not Way.ADVICE:  # a part of the story tells of danger, and nothing else has to be done
            return Decision(Way.EMERGENCY, EMERGENCY, warn=warn)
        if way not in (Way.ADVICE, Way.TEXT):
            return Decision(way, label, warn=warn)
        found = [Found(self.library.procedures[label], self.sureness(reading.whole, column))]
        if way is Way.TEXT:
            return Decision(way, label, tuple(found), warn=warn)
        found = self.situations(reading, thresholds, found[0])
        along = beside(reading, found, self.library, thresholds)
        sure = tuple(Found(each.procedure, thresholds.confidence(each.confidence)) for each in found)
        return Decision(way, label, sure, along, warn=warn, danger=danger)

    def warnings(self, reading: Reading, thresholds: Thresholds) -> tuple[Step, ...]:
        """Return the warnings of every critical reading that is plausible, child images first."""
        plausible = {rule.id: rule for rule in self._critical if reading.highest(rule.id) >= thresholds.critical_floor}
        if reading.highest(INDECENT) >= GUARDED_FLOOR and says_child_images(reading.text):
            plausible = {INDECENT: self.library.procedures[INDECENT], **plausible}
        return first_of_each(step for rule in plausible.values() for step in rule.dont)

    def values(self, reading: Reading, thresholds: Thresholds) -> NDArray[np.float64]:
        """Return each label's expected worth with its kind's leaning."""
        leaning = thresholds.leaning
        found = self._worth @ reading.whole + np.array([leaning.get(kind, 0.0) for kind in self.kinds])
        if INDECENT in self.labels:  # to miss it costs more than to warn for nothing
            found[self.labels.index(INDECENT)] += thresholds.critical * reading.share(INDECENT)
        return np.asarray(found)

    def sureness(self, belief: NDArray[np.float64], column: int) -> float:
        """Return how likely the answer's clauses are the right ones, 0 to 1."""
        return float(min(1.0, self._same_clause[column] @ belief))

    def situations(self, reading: Reading, thresholds: Thresholds, first: Found) -> list[Found]:
        """Return the situations of a message, at most two: what the whole is about, and what a part clearly holds.

        Where two parts hold one each, the whole is only their mixture, and they stand in its place. Of three, a
        critical one is never the one that is left out.
        """
        held: dict[str, Found] = {}
        for _, belief in reading.parts:
            column = int(np.argmax(self._worth @ belief))
            rule = self.library.procedures.get(self.labels[column])
            if rule is None or rule.kind != "advice":
                continue
            share, whole = self.sureness(belief, column), self.sureness(reading.whole, column)
            if not holds(rule, share, whole, thresholds):
                continue
            if rule.clauses[0] not in held or held[rule.clauses[0]].confidence < share:
                held[rule.clauses[0]] = Found(rule, share)
        found = sorted(held.values(), key=lambda each: (not each.procedure.critical, -each.confidence))[:2]
        if len(found) == 2 and not shares_clause(*found):  # noqa: PLR2004
            return found
        others = [each for each in found if not shares_clause(first, each)]
        return [first, *others[:1]]


def holds(rule: Procedure, share: float, whole: float, thresholds: Thresholds) -> bool:
    """Say whether a part that is so sure of a procedure holds a situation: surer where the whole says little of it.

    A critical one that is clear by itself needs no word from the whole: among three matters each is a small share.
    """
    if rule.critical and share >= thresholds.clear_critical:
        return True
    if share < (thresholds.second_critical if rule.critical else thresholds.second):
        return False
    return whole >= thresholds.second_whole or share >= thresholds.second_clear


def shares_clause(one: Found, other: Found) -> bool:
    """Say whether two procedures stand on the same clauses, so that they are one situation."""
    return bool(set(one.procedure.clauses[:2]) & set(other.procedure.clauses[:2]))
