"""Masks a text: what stands for a person or leads to one becomes [name], [phone], [email], [handle] or [link].

The rest stays letter for letter, so that the situation can still be read. It keeps nothing of what it saw.
"""

import re
from functools import lru_cache
from typing import Any, Iterator, List, Tuple

from bot.masking.contacts import contacts
from bot.masking.names import names

Span = Tuple[int, int, str]
MARK = re.compile(r"\[(?:name|phone|email|handle|link)\]")
RUN = re.compile(r"[^\s]{200,}")
PIECE = 600
BETWEEN = re.compile(r" ?-?$")
NICK = re.compile(r"(?<![\w'’])(?:Little|Big|Lil|Wee|Baby) $")
INITIAL = re.compile(r"(?<![\w'’])[A-Z]\.? ?$")  # T. Okafor


def spans(text: str) -> List[Span]:
    """Return (start, end, kind) of all that is to be masked, in order and apart."""
    runs = [match.span() for match in RUN.finditer(text)]  # longer than any word: a link, or worse
    rest = blank(text, runs)
    found = [(start + at, end + at, kind) for at, piece in pieces(rest) for start, end, kind in within(piece)]
    return sorted([*found, *((start, end, "link") for start, end in runs)])


def pieces(text: str) -> Iterator[Tuple[int, str]]:
    """Yield a text in pieces, each with its place: the time that a search takes grows with the square of its length."""
    at = 0
    while at < len(text):
        end = (
            at + PIECE
            if at + PIECE >= len(text)
            else max(text.rfind(" ", at, at + PIECE), text.rfind("\n", at, at + PIECE))
        )
        end = end if end > at else at + PIECE
        yield at, text[at:end]
        at = end


def within(text: str) -> List[Span]:
    """Return the same of a piece."""
    marks = [match.span() for match in MARK.finditer(text)]
    found = contacts(blank(text, marks))
    hidden = blank(text, marks + [span[:2] for span in found])
    return joined(text, sorted(found + names(hidden)))


def blank(text: str, places: List[Tuple[int, int]]) -> str:
    """Return the text with marks of the same length in these places."""
    for start, end in places:
        text = text[:start] + "#" * (end - start) + text[end:]
    return text


def joined(text: str, found: List[Span]) -> List[Span]:
    """Return the spans with the words of one name together."""
    out: List[Span] = []
    for place, end, kind in found:
        start = opening(text, place) if kind == "name" else place
        if out and out[-1][2] == kind == "name" and BETWEEN.match(text[out[-1][1] : start]):
            out[-1] = (out[-1][0], max(end, out[-1][1]), kind)
        else:
            out.append((start, end, kind))
    return out


def opening(text: str, start: int) -> int:
    """Return where a name begins, with the initial or the nickname's `Little` before it."""
    if (initial := INITIAL.search(text[:start])) and text[initial.start()] not in "IA":
        return initial.start()
    nick = NICK.search(text[:start])
    return nick.start() if nick else start


@lru_cache(4)  # a save masks one message in several places; few, since they are raw
def mask(text: str) -> str:
    """Return the text with all that is to be masked replaced; a masked text stays as it is."""
    for start, end, kind in reversed(spans(text)):
        text = f"{text[:start]}[{kind}]{text[end:]}"
    return text


def mask_all(value: Any) -> Any:
    """Return a JSON value with every text in it masked."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: mask_all(each) for key, each in value.items()}
    return [mask_all(each) for each in value] if isinstance(value, (list, tuple)) else value
