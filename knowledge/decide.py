"""Decide what kind of reply a reading calls for.

In the order of harm: an emergency before all else; then talk, matters out of scope, a question where one fact would
change the steps; then advice or the policy's text. A critical reading that is plausible is never left out. It
composes nothing.
"""

from dataclasses import dataclass
from enum import Enum

from knowledge.compose import INDECENT, Found
from knowledge.guard import says_child_images, says_emergency
from knowledge.load import Library
from knowledge.reading import Reading
from knowledge.thresholds import Thresholds

EMERGENCY = "emergency"
MOVE, ASK, OUT = "move_", "ask_", "oos_"
GUARDED_FLOOR = 0.02


class Way(Enum):
    """The ways to reply."""

    EMERGENCY = "emergency"
    SMALL_TALK = "small_talk"
    OUT_OF_SCOPE = "out_of_scope"
    QUESTION = "question"
    TEXT = "policy_text"
    ADVICE = "advice"


@dataclass(frozen=True)
class Decision:
    """How to reply, with which label or procedures, and whether to warn of indecent images of a child."""

    way: Way
    label: str = ""
    found: tuple[Found, ...] = ()
    warn_of_child_images: bool = False


def best(reading: Reading, prefix: str) -> tuple[str, float]:
    """Return the strongest label of a family and the share of the whole family."""
    family = [(label, share) for label, share in reading.ranked() if label.startswith(prefix)]
    return (family[0][0], sum(share for _, share in family)) if family else ("", 0.0)


def plausible_child_images(reading: Reading, thresholds: Thresholds) -> bool:
    """Say whether indecent images of a child are plausible enough to warn of."""
    share = reading.highest(INDECENT)
    return share >= thresholds.critical_floor or (share >= GUARDED_FLOOR and says_child_images(reading.text))


def decide(reading: Reading, library: Library, thresholds: Thresholds) -> Decision:
    """Return the decision on a reading."""
    warn = plausible_child_images(reading, thresholds)
    if reading.highest(EMERGENCY) >= thresholds.emergency or says_emergency(reading.text):
        return Decision(Way.EMERGENCY, EMERGENCY, warn_of_child_images=warn)
    for prefix, least, way in (
        (MOVE, thresholds.small_talk, Way.SMALL_TALK),
        (OUT, thresholds.out_of_scope, Way.OUT_OF_SCOPE),
        (ASK, thresholds.ask, Way.QUESTION),
    ):
        label, share = best(reading, prefix)
        if share >= least:
            return Decision(way, label, warn_of_child_images=warn)
    return situation(reading, library, thresholds, warn=warn)


def situation(reading: Reading, library: Library, thresholds: Thresholds, *, warn: bool) -> Decision:
    """Decide between the policy's text and advice, and whether there is a second situation."""
    rules = [(library.procedures[label], share) for label, share in reading.ranked() if label in library.procedures]
    total = sum(share for _, share in rules)
    texts = sum(share for rule, share in rules if rule.kind == "policy_text") / total
    kind = "policy_text" if texts >= thresholds.text else "advice"
    first, share = next((rule, share) for rule, share in rules if rule.kind == kind)
    found = [Found(first, share / total)]
    if kind == "advice" and (second := second_situation(reading, library, thresholds, first.id)):
        found.append(second)
    way = Way.ADVICE if kind == "advice" else Way.TEXT
    return Decision(way, first.id, tuple(found), warn_of_child_images=warn)


def second_situation(reading: Reading, library: Library, thresholds: Thresholds, first: str) -> Found | None:
    """Return a second procedure that a part of the story clearly holds, where it is another situation."""
    taken = library.procedures[first]
    candidates: list[Found] = []
    for _, belief in reading.parts:
        label, share = reading.ranked(belief)[0]
        rule = library.procedures.get(label)
        if rule is None or rule.kind != "advice" or rule.topic == taken.topic or rule.clauses[0] in taken.clauses:
            continue
        if share >= thresholds.second and reading.share(label) >= thresholds.second_whole:
            candidates.append(Found(rule, share))
    return max(candidates, key=lambda each: each.confidence, default=None)
