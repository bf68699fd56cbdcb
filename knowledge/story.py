"""Make a message readable for the engine: cleaned, and cut into the parts of a story.

The first thing that touches what a stranger typed. It never judges what the message means.
"""

import html
import re
import unicodedata

LONGEST = 6000
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+|\s+[–—-]{1,2}\s+")
TURN = re.compile(
    r"[,;]?\s+(?:and also|also|plus|on top of that|as well as that|then there's|another thing|secondly)\s+",
    re.IGNORECASE,
)
WHO = r"(?=(?:another|one|a|an|the|my|our|his|her|some|somebody|someone|i)\b)"
AND = re.compile(rf"\s*[,;]\s+(?:and|but)\s+|\s+and\s+{WHO}", re.IGNORECASE)
LISTED = re.compile(rf"{AND.pattern}|,\s+{WHO}", re.IGNORECASE)
LIST = 3  # things told one after the other; a comma alone joins as much as it parts
TAG = re.compile(r"<[^<>]{0,500}>")
WORD = re.compile(r"[^\W\d_]{2,}")
FEWEST_WORDS = 4


def clean(text: str) -> str:
    """Return the text without mark-up and control characters, white space folded."""
    text = TAG.sub(" ", html.unescape(text))
    text = "".join(
        " " if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") and c != "\n" else c for c in text
    )
    return re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFKC", text)).strip()


def has_words(text: str) -> bool:
    """Say whether there is any word in it (a run of two letters or more)."""
    return bool(WORD.search(text))


def is_latin(text: str) -> bool:
    """Say whether most letters are Latin ones."""
    letters = [c for c in text if c.isalpha()]
    latin = sum("LATIN" in unicodedata.name(c, "") for c in letters)
    return not letters or latin >= len(letters) / 2


def _long_enough(parts: list[str]) -> list[str]:
    """Join parts that are too short to mean anything to the part before."""
    joined: list[str] = []
    for part in parts:
        if joined and (len(part.split()) < FEWEST_WORDS or len(joined[-1].split()) < FEWEST_WORDS):
            joined[-1] = f"{joined[-1]} {part}"
        else:
            joined.append(part)
    return joined


def sentences(text: str) -> list[str]:
    """Return the story's sentences, in order; none shorter than four words if it can be helped."""
    parts = [part.strip() for piece in SENTENCE.split(text) for part in TURN.split(piece)]
    return _long_enough([part for part in parts if part])


def parts(text: str) -> list[str]:
    """Return the parts that could each hold a situation of their own: sentences, and what one joins or lists."""
    found = [part.strip() for sentence in sentences(text) for part in told_apart(sentence)]
    return _long_enough([part for part in found if part])


def told_apart(sentence: str) -> list[str]:
    """Return what a sentence joins by 'and', or lists."""
    listed = LISTED.split(sentence)
    return listed if len(listed) >= LIST else AND.split(sentence)
