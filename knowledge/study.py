"""Class every miss on the tuning set: `make errors`. It says what kind of mistake is made, and how often.

Only the tuning set's messages may be looked at; the test set is never opened here.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from rich.console import Console
from rich.table import Table

from knowledge.engine import load_engine
from knowledge.gold import Scenario, fully_right, judge, load_gold

SHOWN = 110  # letters of a message


class Miss(Enum):
    """What went wrong, the gravest first; a reply is classed once."""

    HARM = "a harmful step"
    EMERGENCY_MISSED = "an emergency not seen"
    EMERGENCY_FALSE = "taken for an emergency"
    OUT_TAKEN = "out of scope, answered all the same"
    IN_REFUSED = "in scope, refused"
    NOT_ASKED = "the fact was not asked for"
    OVER_ASKED = "asked where nothing was missing"
    KIND = "another wrong kind (text for advice, small talk ...)"
    NEIGHBOUR = "a neighbouring procedure"
    SECOND = "a second situation not found"
    STEP = "right clause, a step missing"
    WARNING = "right clause, a warning missing"
    FACT = "asked for another fact"
    URGENCY = "urgency only"


def miss_of(gold: Scenario, reply: Mapping[str, Any], checks: Mapping[str, bool | None]) -> Miss:
    """Return the class of a reply that is not fully right."""
    got, wanted = reply["type"], gold.kind[0]
    if checks["harmless"] is False:
        return Miss.HARM
    if not checks["kind"]:
        return _by_kind(wanted, got)
    if checks["clause"] is False:
        return Miss.NEIGHBOUR
    if checks["must_do"] is False or checks["must_dont"] is False:
        if "compound" in gold.tags:
            return Miss.SECOND
        return Miss.STEP if checks["must_do"] is False else Miss.WARNING
    return Miss.FACT if checks["fact"] is False else Miss.URGENCY


def _by_kind(wanted: str, got: str) -> Miss:
    for (kind, side), found in {
        ("emergency", wanted): Miss.EMERGENCY_MISSED,
        ("emergency", got): Miss.EMERGENCY_FALSE,
        ("out_of_scope", wanted): Miss.OUT_TAKEN,
        ("out_of_scope", got): Miss.IN_REFUSED,
        ("question", wanted): Miss.NOT_ASKED,
        ("question", got): Miss.OVER_ASKED,
    }.items():
        if kind == side:
            return found
    return Miss.KIND


def misses() -> Iterator[tuple[Miss, Scenario, dict[str, Any]]]:
    """Yield every miss of the engine on the tuning set."""
    engine = load_engine()
    for gold in load_gold("tuning"):
        reply = engine.answer(gold.text).as_json()
        checks = judge(gold, reply)
        if not fully_right(checks):
            yield miss_of(gold, reply, checks), gold, reply


def main() -> None:
    """Print the counts, then each miss under its class."""
    found = sorted(misses(), key=lambda each: list(Miss).index(each[0]))
    console, counts = Console(soft_wrap=True), Counter(miss for miss, _, _ in found)
    grid = Table("miss", "times", title=f"Misses on the tuning set: {len(found)} of {len(load_gold('tuning'))}")
    for miss in Miss:
        grid.add_row(miss.value, str(counts[miss]))
    console.print(grid)
    for miss, gold, reply in found:
        console.print(
            f"{miss.value} | {gold.id} | {gold.clauses[:1] or gold.kind[:1]} | {reply.get('label')} | "
            f"{gold.text[:SHOWN]}",
            markup=False,
            highlight=False,
        )


if __name__ == "__main__":
    main()
