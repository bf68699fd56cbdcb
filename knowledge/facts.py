"""Read facts from words, by the patterns of facts.yml.

Who it is about, what images show, who did it to whom, whose phone, whether it was agreed. It reads; what a fact
changes is decided in weigh.py. It never guesses: a fact that no pattern finds is not there.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from knowledge.load import read_yaml
from knowledge.paths import ROOM

Facts = dict[str, str]
SUSPECT = "suspect"


@cache
def patterns(path: Path = ROOM / "facts.yml") -> dict[str, dict[str, re.Pattern[str]]]:
    """Return each fact's values with their one joined pattern, in the order of the file."""
    facts = read_yaml(path)
    assert isinstance(facts, dict)
    return {
        fact: {
            value: re.compile("|".join(rf"\b(?:{each})\b" for each in each_value))
            for value, each_value in values.items()
        }
        for fact, values in facts.items()
    }


def plain(text: str) -> str:
    """Return the text in lower case with straight apostrophes."""
    return text.lower().replace("’", "'").replace("‘", "'")


def read(text: str, fact: str) -> str | None:
    """Return the value of a fact that the words give, or None."""
    words = plain(text)
    return next((value for value, pattern in patterns()[fact].items() if pattern.search(words)), None)


def read_all(text: str) -> Facts:
    """Return every fact that the words give, the suspect apart."""
    found = {fact: read(text, fact) for fact in patterns() if fact != SUSPECT}
    return {fact: value for fact, value in found.items() if value is not None}


def suspects(text: str) -> frozenset[str]:
    """Return the contact roles that the person it is about holds."""
    words = plain(text)
    return frozenset(role for role, pattern in patterns()[SUSPECT].items() if pattern.search(words))


def known(facts: Mapping[str, object]) -> Facts:
    """Return those of a caller's facts that this file knows, as strings."""
    return {key: str(value) for key, value in facts.items() if key in patterns() and value is not None}
