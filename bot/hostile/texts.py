"""Hostile texts and JSON, from a seed: the same number gives the same attack again. It sends nothing."""

import gzip
import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "hostile.yml"
LENGTHS = (3999, 4000, 4001, 4001, 8000, 40_000)
MARKS = "\u0300\u0301\u0308\u0327\u0338\u0489\u20dd\u1ab0"
HALVES = ("\\ud800", "\\udfff", "\\ud83d", "\\udc00\\ud800")
WRONG: tuple[Any, ...] = (None, 0, -1, 7.5, True, False, "", " ", [], {}, ["a"], {"$ne": 1}, {"a": {"b": 1}}, 10**30)


@cache
def data() -> dict[str, Any]:
    """Return what stands in the file."""
    found: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf8"))
    return found


def plain(chance: random.Random) -> str:
    """Return what somebody might really say, among the attacks."""
    return str(chance.choice(data()["plain"]))


def written(chance: random.Random) -> str:
    """Return a text that stands in the file, alone or within something that somebody might say."""
    found = str(chance.choice(data()["texts"][chance.choice(sorted(data()["texts"]))]))
    return found if chance.random() < 0.6 else f"{plain(chance)} {found} {plain(chance)}"  # noqa: PLR2004


def control(chance: random.Random) -> str:
    """Return every control character in turn, within a sentence."""
    codes = [
        *range(0x20),
        *range(0x7F, 0xA0),
        0x85,
        0x2028,
        0x2029,
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
    ]
    some = chance.sample(codes, chance.randint(1, len(codes)))
    return plain(chance) + "".join(map(chr, some)) + plain(chance)


def anything(chance: random.Random) -> str:
    """Return characters from the whole of Unicode that UTF-8 can hold."""
    found = (chance.choice((0x7F, 0x7FF, 0xFFFF, 0x10FFFF)) for _ in range(chance.randint(1, 60)))
    codes = (chance.randint(0, top) for top in found)
    return "".join(chr(code) for code in codes if not 0xD800 <= code <= 0xDFFF) or "?"  # noqa: PLR2004


def piled(chance: random.Random) -> str:
    """Return letters under a pile of combining marks."""
    return "".join(letter + "".join(chance.choices(MARKS, k=chance.randint(5, 60))) for letter in plain(chance))


def joined(chance: random.Random) -> str:
    """Return emoji joined without end, flags and skin tones among them."""
    parts = ("\U0001f468", "\U0001f469", "\u200d", "\ufe0f", "\U0001f3fd", "\U0001f1ec", "\U0001f1e7", "\u20e3")
    return "".join(chance.choices(parts, k=chance.randint(2, 400)))


def long(chance: random.Random) -> str:
    """Return a text at the limit, just over it, and far over it."""
    part = chance.choice((plain(chance) + " ", "x", "a@", "A. ", "07700 ", "\u0301", "(", "http://", "\U0001f62d"))
    length = chance.choice(LENGTHS)
    return (part * (length // len(part) + 1))[:length]


MAKERS = (written, written, written, control, anything, piled, joined, plain, plain, long)


def hostile(chance: random.Random) -> str:
    """Return one hostile text."""
    return chance.choice(MAKERS)(chance)


def nested(chance: random.Random) -> bytes:
    """Return JSON that is nested deeply."""
    depth, (opened, closed) = chance.choice((50, 900, 20_000)), chance.choice((("[", "]"), ('{"a":', "}")))
    return (opened * depth + "1" + closed * depth).encode()


def broken(chance: random.Random, whole: dict[str, Any]) -> bytes:
    """Return a JSON object that is broken in one of many ways."""
    field = chance.choice(sorted(whole) or ["key"])
    text = json.dumps(whole)
    wrong = json.dumps({**whole, field: chance.choice(WRONG)})
    fully = json.dumps({**whole, chance.choice(("sender", "person", "click", "__proto__", "")): chance.choice(WRONG)})
    odd = chance.choice(
        ("NaN", "Infinity", "-Infinity", "1e999", "9" * 5000, "01", "'a'", f'"{chance.choice(HALVES)}"')
    )
    return chance.choice(
        (
            wrong.encode(),
            fully.encode(),
            json.dumps({key: each for key, each in whole.items() if key != field}).encode(),
            text.replace("{", f'{{"{field}": {odd}, ', 1).encode(),
            text[:-1].encode() + f', "{field}": {odd}}}'.encode(),
            text[: chance.randint(0, len(text) - 1)].encode(),
            text.encode() + chance.choice((b"x", b"{}", b"\x00", b",")),
            text.encode(chance.choice(("utf-16", "utf-32", "utf-8-sig"))),
            text.encode().replace(b'"', b'"\xff', 1),
            gzip.compress(text.encode()),
            nested(chance),
            chance.randbytes(chance.randint(0, 200)),
            chance.choice((b"", b"[]", b"null", b"7", b'"x"', b"{}", b"[{}]", b"/*x*/{}", b"payload=%7B%7D", b"<x/>")),
        )
    )
