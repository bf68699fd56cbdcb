"""Words that must never be missed, whatever the trained parts believe.

Reads guards.yml. A guard only adds caution: an emergency first, or the warnings about indecent images of a child. It
never takes a step or a warning away, and never decides what else is answered.
"""

import re
from functools import cache

from knowledge.facts import plain
from knowledge.load import read_yaml
from knowledge.paths import ROOM
from knowledge.story import sentences


@cache
def patterns() -> dict[tuple[str, str], re.Pattern[str]]:
    """Return each guard's patterns by (guard, side)."""
    guards = read_yaml(ROOM / "guards.yml")
    assert isinstance(guards, dict)
    return {
        (guard, side): re.compile("|".join(rf"\b(?:{each})\b" for each in each_side))
        for guard, sides in guards.items()
        for side, each_side in sides.items()
    }


def says_emergency(text: str) -> bool:
    """Say whether the words tell of danger to life now."""
    return bool(patterns()["emergency", "phrases"].search(plain(text)))


def says_child_images(text: str) -> bool:
    """Say whether two neighbouring sentences hold both a picture of a body and a child."""
    told = [plain(sentence) for sentence in sentences(text)]
    pairs = [" ".join(told[n : n + 2]) for n in range(len(told))]
    picture, child = patterns()["child_images", "picture"], patterns()["child_images", "child"]
    return any(picture.search(pair) and child.search(pair) for pair in pairs)
