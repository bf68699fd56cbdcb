"""Which steps and warnings may stand in one reply together.

The one rule that no decision may break is here: beside possible indecent images of a child nothing tells a person to
keep messages. It chooses nothing else.
"""

from collections.abc import Iterable

from knowledge.record import Step

CHILD_IMAGES = "copy_images"  # the warning that only possible indecent images of a child bring
NEVER_BESIDE_CHILD_IMAGES = frozenset({"keep_evidence", "delete_evidence"})


def first_of_each(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps without a later one of the same code."""
    kept: dict[str, Step] = {}
    for step in steps:
        kept.setdefault(step.code, step)
    return tuple(kept.values())


def safe_steps(do: Iterable[Step], dont: Iterable[Step]) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Return steps and warnings that may stand together.

    Where indecent images of a child are possible nothing tells a person to keep or not to delete messages: to keep
    such an image is a crime (2.7.1, Protection of Children Act), and 2.8.3's screen prints would be one.
    """
    steps, warnings = first_of_each(do), first_of_each(dont)
    possible = any(step.code == CHILD_IMAGES for step in warnings)
    barred = NEVER_BESIDE_CHILD_IMAGES if possible else frozenset()
    return (
        tuple(step for step in steps if step.code not in barred),
        tuple(step for step in warnings if step.code not in barred),
    )
