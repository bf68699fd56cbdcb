"""Finds the names of people: a small linear tagger that reads word by word, with the tag before it in mind.

Its weights (data/weights.txt.gz) are fitted by fit.py on what staff type. It knows words and kinds of words, no person.
"""

import gzip
import re
from functools import lru_cache
from typing import Dict, Iterator, List, Pattern, Tuple

from bot.masking.lexicon import DATA, is_word
from bot.masking.tokens import Token, cut, described

WEIGHTS = DATA / "weights.txt.gz"
LEAST, LEAST_WORD = -1.3, -0.6  # sums from which a word is taken for a name, and a small-lettered ordinary word for one:
# chosen on the tuning set, docs/decisions/0011-masking.md
LETTER = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|sir)\.? ([b-hj-tv-z])\b(?!['’])", re.IGNORECASE)  # Miss P
LETTERS = re.compile(r"(?<![\w.])(?!U\.|P\.[ES]|I\.T|R\.E|O\.K|T\.[AV]|A\.[MI]|P\.M|F\.A|[A-Z]\.B)(?:[A-Z]\.){2,3}")  # T.J.


@lru_cache(1)
def weights() -> Dict[str, float]:
    """Return the weight of each thing that is to be seen of a word."""
    lines = gzip.open(WEIGHTS, "rt", encoding="utf8").read().splitlines()
    return {feature: int(weight) / 100 for feature, _, weight in (line.rpartition("\t") for line in lines)}


def sums(tokens: List[Token]) -> List[float]:
    """Return for each token how much more than the least speaks for a name."""
    known, out, before = weights(), [], "-"  # type: Dict[str, float], List[float], str
    for token, seen in zip(tokens, described(tokens)):
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
    found = {(token.start, token.end) for token, total in zip(tokens, sums(tokens)) if total >= 0}
    found |= {match.span(1) for match in LETTER.finditer(text)} | {match.span() for match in LETTERS.finditer(text)}
    others = list(no_people(text))
    return [(*each, "name") for each in sorted(found) if not any(start <= each[0] < end for start, end in others)]


@lru_cache(1)
def known_names() -> Pattern[str]:
    """Return a form that finds brands, books and history with a person's name in them."""
    lines = (DATA / "no_people.txt").read_text(encoding="utf8").splitlines()
    listed = (each.strip() for line in lines if line[:1] != "#" for each in line.split("|"))
    return re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in listed), re.IGNORECASE)


def no_people(text: str) -> Iterator[Tuple[int, int]]:
    """Yield where such a one stands."""
    return (match.span() for match in known_names().finditer(text.replace("’", "'")))
