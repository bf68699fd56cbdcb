"""Cuts a text into words and marks, and says of each what the tagger looks at. Decides nothing."""

import re
from typing import List, NamedTuple

from bot.masking.lexicon import fold, known

TOKEN = re.compile(r"[^\W\d_]+(?:['’`\-][^\W\d_]+)*|\d+|#+|[^\w\s]")
OWNED = re.compile(r"['’`][sS]$")
TITLES = {"mr", "mrs", "miss", "ms", "mx", "dr", "sir", "dame", "prof", "professor", "rev", "fr", "father", "sister",
          "auntie", "aunty", "uncle", "coach", "madam", "mister", "master", "nurse", "pastor", "imam"}  # fmt: skip
NOTHING = "|"
VERY_COMMON, SHORT = 5, 3


class Token(NamedTuple):
    """A word or a mark: where it stands, its letters without a possessive 's, and its look."""

    start: int
    end: int
    said: str
    base: str
    look: str


def look_of(word: str, *, opens: bool) -> str:
    """Return how a word is written: x small, X capital, first A opening a sentence, M mixed, 0 a number, . a mark."""
    if word.isdigit():
        return "0"
    if not word[0].isalpha():
        return "."
    if word.islower() or word.upper() == word.lower():
        return "x"
    if word.isupper() and len(word) > 1:
        return "XX"
    return ("A" if opens else "X") if word[0].isupper() else "M"


def cut(text: str) -> List[Token]:
    """Return the tokens of a text."""
    tokens: List[Token] = []
    opens = True
    for match in TOKEN.finditer(text):
        said = match[0]
        said = "#" if said[0] == "#" else said  # a contact detail that is masked already
        bare = OWNED.sub("", said)
        base = fold(bare) or bare  # an accent alone folds to nothing
        tokens.append(Token(match.start(), match.start() + len(bare), said, base, look_of(bare, opens=opens)))
        opens = said in '.!?:;-–—"“”(*>' or (opens and not said[0].isalnum())
    return tokens


def grade(base: str) -> str:
    """Return what is known of a word, in short."""
    if not base[0].isalpha():
        return base if len(base) == 1 and not base.isdigit() else "0"
    seen = known(base)
    return f"{seen.word}{seen.first}{min(seen.last, 5)}"


def coarse(base: str) -> str:
    """Return the same, coarser: is it a word, a first name, a surname?"""
    if not base[0].isalpha():
        return "."
    seen = known(base)
    return f"{min(seen.word, 1) + (seen.word >= VERY_COMMON)}{min(seen.first // 2, 2)}{min(seen.last // 2, 2)}"


def name_in(word: str) -> str:
    """Return whether the word is a name with an s behind it, as in `jades mum`, or a short form of one."""
    if word.endswith("s") and len(word) > SHORT:
        return coarse(word[:-1])
    return NOTHING


def described(tokens: List[Token]) -> List[List[str]]:
    """Return what the tagger looks at for each token, but for the tag before it."""
    everything = "".join(token.look[0] for token in tokens)
    small = "x" if "X" not in everything and "A" not in everything else "X"
    pad = Token(0, 0, NOTHING, NOTHING, NOTHING)
    row = [pad, pad, *tokens, pad, pad]
    grades = [NOTHING if token is pad else coarse(token.base) for token in row]
    words = [lexical(token) for token in row]
    return [features(row[i : i + 5], grades[i : i + 5], words[i : i + 5], small) for i in range(len(tokens))]


def lexical(token: Token) -> str:
    """Return the word itself where it is an ordinary one, else a sign for its kind: no name is learnt by heart."""
    if token.base in TITLES:
        return "TITLE"
    if not token.base[0].isalpha():
        return "0" if token.base.isdigit() else token.base
    seen = known(token.base)
    return token.base if seen.word else "NAME" if seen.first or seen.last else "?"


def features(near: List[Token], grades: List[str], words: List[str], small: str) -> List[str]:
    """Return what is to be seen of the middle token of five."""
    token, base = near[2], near[2].base
    if not base[0].isalpha():
        return [f"mark={base if not base.isdigit() else 0}"]
    look, mine, full = token.look, grades[2], grade(base)
    owned = "'" if token.said != token.said[: token.end - token.start] else ""
    out = [
        "on", f"w={words[2]}", f"wl={words[2]}{look}", f"l={look}{small}", f"g={full}", f"lg={look}{full}",
        f"lc={look}{small}{mine}", f"s={name_in(base)}{look}", f"o={owned}{mine}{look}",
        f"p1={words[1]}", f"n1={words[3]}", f"p1m={words[1]}{mine}", f"n1m={words[3]}{mine}",
        f"pn={words[1]},{words[3]}", f"pp={words[0]},{words[1]}", f"nn={words[3]},{words[4]}",
        f"ppm={words[0]},{words[1]},{mine[0]}", f"nnm={words[3]},{words[4]},{mine[0]}",
        f"pw={words[1]},{words[2]}", f"nw={words[2]},{words[3]}",
        f"pg={grades[1]}{near[1].look}{mine}{look}", f"ng={grades[3]}{near[3].look}{mine}{look}",
        f"n={min(len(base), 9)}{mine}",
    ]  # fmt: skip
    if full[0] == "0":
        out += [f"e={base[-3:]}", f"e2={base[-2:]}", f"b={base[:3]}", f"b2={base[:2]}", f"e1={base[-1]}{mine}"]
    return out
