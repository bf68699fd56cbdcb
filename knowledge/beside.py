"""Steps and warnings that belong to readings which are plausible beside the one that was chosen.

A mixed belief is often a mixed story. A step is taken along where all readings that call for it reach a share
together; never one that would do harm in the situation chosen, and never a step about child images, whose warnings
come by a guard of their own. It decides nothing about the kind of reply.
"""

from collections import Counter
from collections.abc import Iterable

from knowledge.found import INDECENT, Beside, Found
from knowledge.load import Library
from knowledge.reading import Reading
from knowledge.record import Procedure, Step
from knowledge.thresholds import Thresholds

MOST = 3


def beside(reading: Reading, found: Iterable[Found], library: Library, thresholds: Thresholds) -> Beside:
    """Return what plausible readings add to the situations found."""
    chosen = [each.procedure for each in found]
    rules = [(rule, share) for label, share in reading.ranked() if (rule := advising(library, label))]
    do = plausible(((step, share) for rule, share in rules for step in rule.do), thresholds.step)
    dont = plausible(((step, share) for rule, share in rules for step in rule.dont), thresholds.warning)
    given = {step.code for rule in chosen for step in (*rule.do, *rule.dont)}
    barred = given.union(*(rule.never for rule in chosen))
    return Beside(
        tuple(step for step in do if step.code not in barred)[:MOST],
        tuple(step for step in dont if step.code not in given)[:MOST],
    )


def advising(library: Library, label: str) -> Procedure | None:
    """Return the procedure of a label whose steps may be taken along."""
    rule = library.procedures.get(label)
    return rule if rule and rule.kind == "advice" and label != INDECENT else None


def plausible(steps: Iterable[tuple[Step, float]], floor: float) -> list[Step]:
    """Return one step of each code whose shares reach the floor together, the likeliest first."""
    shares: Counter[str] = Counter()
    said: dict[str, Step] = {}
    for step, share in steps:
        shares[step.code] += share  # type: ignore[assignment]  # a Counter of shares
        said.setdefault(step.code, step)
    return [said[code] for code, share in shares.most_common() if share >= floor]
