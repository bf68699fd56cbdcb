"""What is known of single words: how common as a word, how common as a first name or a surname. Reads its lists once.

The lists and where they come from: data/SOURCES.md.
"""

import gzip
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Dict, NamedTuple, Tuple

DATA = Path(__file__).parent / "data"
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "’": "'", "‘": "'", "ʼ": "'"})


class Known(NamedTuple):
    """How common a word is as a word (0 unknown, 1 rare to 6 very common), as a first name and a surname (0 to 9)."""

    word: int
    first: int
    last: int


def fold(word: str) -> str:
    """Return the word in small letters without accents."""
    plain = word.lower().translate(LETTERS)
    return "".join(each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each))


def unpacked(name: str) -> str:
    """Return the text of a packed file of data/."""
    return gzip.decompress((DATA / name).read_bytes()).decode()


def read(name: str) -> Dict[str, Tuple[int, ...]]:
    """Return a list of data/: each line is the numbers, then the words that have them."""
    rows: Dict[str, Tuple[int, ...]] = {}
    for line in unpacked(name).splitlines():
        numbers, *words = line.split()
        rows.update(dict.fromkeys(words, tuple(int(each) for each in numbers)))
    return rows


WORDS = read("words.txt.gz")
NAMES = read("names.txt.gz")


@lru_cache(20_000)
def known(word: str) -> Known:
    """Return what is known of a word; of a double name, what is known of its better half."""
    plain = fold(word)
    common = WORDS.get(plain, (0,))[0] or min(WORDS.get(part, (0,))[0] for part in plain.split("-"))
    names = [NAMES.get(part, (0, 0)) for part in {plain, *plain.split("-")} if len(part) > 1]
    return Known(common, max((each[0] for each in names), default=0), max((each[1] for each in names), default=0))


def is_word(word: str) -> bool:
    """Say whether this is an ordinary word."""
    return known(word).word > 0
