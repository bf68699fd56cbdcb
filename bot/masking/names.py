"""Finds the names of people: a small linear tagger that reads word by word, with the tag before it in mind.

Its weights (data/weights.txt.gz) are fitted by fit.py on what staff type. It knows words and kinds of words, no person.
"""

import re
from functools import lru_cache
from typing import Dict, Iterator, List, Pattern, Tuple

from bot.masking.lexicon import DATA, is_word, unpacked
from bot.masking.tokens import Token, cut, described

WEIGHTS = DATA / "weights.txt.gz"
LEAST, LEAST_WORD = (
    -1.8,
    -1.2,
)  # sums from which a word is taken for a name, and a small-lettered ordinary word for one:
# chosen on the tuning set, docs/decisions/0011-masking.md
LETTER = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|sir)\.? ([b-hj-tv-z])\b(?!['’])", re.IGNORECASE)  # Miss P
LETTERS = re.compile(
    r"(?<![\w.])(?!U\.|P\.[ES]|I\.T|R\.E|O\.K|T\.[AV]|A\.[MI]|P\.M|F\.A|[A-Z]\.B)(?:[A-Z]\.){2,3}"
)  # T.J.
PLACE = re.compile(
    r"(?:\s[A-Z][\w'’]+)?\s(?:Street|Road|Avenue|Primary|Infants?|Juniors?|Academy|College|High School)\b(?! \d)"
)
SAINT = re.compile(r"\b(?:St\.?|Saint) $")  # a school's name


@lru_cache(1)
def weights() -> Dict[str, float]:
    """Return the weight of each thing that is to be seen of a word."""
    lines = unpacked(WEIGHTS.name).splitlines()
    return {feature: int(weight) / 100 for feature, _, weight in (line.rpartition("\t") for line in lines)}


def sums(tokens: List[Token]) -> List[float]:
    """Return for each token how much more than the least speaks for a name."""
    known, out, before = weights(), [], "-"  # type: Dict[str, float], List[float], str
    for token, seen in zip(tokens, described(tokens), strict=True):
        total = sum(known.get(feature, 0.0) for feature in seen)
        total += sum(known.get(feature, 0.0) for feature in after(before, seen))
        over = total - (LEAST_WORD if token.look == "x" and is_word(token.base) else LEAST)
        out.append(over if token.look[0] in "xXAM" else -1.0)
        before = "+" if out[-1] >= 0 else "-"
    return out


def after(before: str, seen: List[str]) -> Tuple[str, str]:
    """Return what is to be seen of a token with the tag before it."""
    return f"t={before}", f"t={before}{seen[4] if len(seen) > 1 else ''}"


def names(text: str) -> List[Tuple[int, int, str]]:
    """Return where names stand, in order, word by word."""
    tokens = cut(text)
    found = {(token.start, token.end) for token, total in zip(tokens, sums(tokens), strict=True) if total >= 0}
    found |= {match.span(1) for match in LETTER.finditer(text)} | {match.span() for match in LETTERS.finditer(text)}
    others = list(no_people(text))
    return [
        (start, end, "name")
        for start, end in sorted(found)
        if not any(first <= start < last for first, last in others)
        and not (text[start].isupper() and (PLACE.match(text, end) or SAINT.search(text, 0, start)))
    ]


@lru_cache(1)
def known_names() -> Pattern[str]:
    """Return a form that finds brands, books and history with a person's name in them."""
    lines = (DATA / "no_people.txt").read_text(encoding="utf8").splitlines()
    listed = (each.strip() for line in lines if line[:1] != "#" for each in line.split("|"))
    return re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in listed), re.IGNORECASE)


def no_people(text: str) -> Iterator[Tuple[int, int]]:
    """Yield where such a one stands."""
    return (match.span() for match in known_names().finditer(text.replace("’", "'")))
