"""Makes up names as staff type them: first names, surnames, titles, slips of the fingers. It knows no person."""

import random
import re
from typing import Dict, List, Tuple

import yaml

from bot.masking.lexicon import DATA, NAMES, WORDS

FORMS: Dict[str, List[str]] = yaml.safe_load((DATA / "lesson.yml").read_text(encoding="utf8"))
COMMON = 3  # from this grade on a name is a common name, a word a common word
SURNAME_WORDS = [each for each in NAMES if NAMES[each][1] >= COMMON + 1 and WORDS.get(each, (0,))[0] >= 1]
INITIALS = "abcdefghjklmnoprstw"


class People:
    """Makes names."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        plain = [each for each in NAMES if NAMES[each][0] and WORDS.get(each, (0,))[0] < COMMON]
        self.firsts = [[each for each in plain if NAMES[each][0] >= least] for least in (1, 3, 5)]
        rare = [each for each in NAMES if not WORDS.get(each)]
        self.lasts = [[each for each in rare if NAMES[each][1] >= least] for least in (2, 3, 4)]

    def first(self) -> str:
        """Return a first name."""
        if self.dice.random() < 0.1:  # noqa: PLR2004
            word = self.dice.choice(FORMS["also_words"])
            return word.upper() if self.dice.random() < 0.02 else word.title() if self.dice.random() < 0.7 else word  # noqa: PLR2004
        found = self.dice.choice(self.dice.choice(self.firsts))
        return self.misspelt(found) if self.dice.random() < 0.12 else found  # noqa: PLR2004

    def last(self) -> str:
        """Return a surname."""
        chance = self.dice.random()
        if chance < 0.2:  # noqa: PLR2004
            return self.dice.choice(SURNAME_WORDS)
        found = self.dice.choice(self.dice.choice(self.lasts))
        return self.misspelt(found) if chance > 0.85 else found  # noqa: PLR2004

    def misspelt(self, word: str) -> str:
        """Return the word with one letter doubled, lost, swapped or other."""
        at = self.dice.randrange(len(word))
        letter = self.dice.choice("aeiouyhnrlskzt")
        return self.dice.choice(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word + letter,
            ]
        )

    def name(self) -> Tuple[str, str]:
        """Return (title, name) as somebody types it; the title is no part of the name."""
        kind, title = self.dice.random(), ""
        if kind < 0.55:  # noqa: PLR2004
            words = [self.first()]
        elif kind < 0.72:  # noqa: PLR2004
            words = [self.first(), self.last()]
        elif kind < 0.90:  # noqa: PLR2004
            title, words = self.dice.choice(FORMS["titles"]) + " ", [self.last()]
        elif kind < 0.92:  # noqa: PLR2004
            title, words = self.dice.choice(FORMS["titles"]) + " ", [self.dice.choice(INITIALS)]
        elif kind < 0.94:  # noqa: PLR2004
            words = [self.first(), self.dice.choice(INITIALS)]
        elif kind < 0.97:  # noqa: PLR2004
            words = [f"{self.first()}-{self.first()}"]
        else:
            words = [self.last()] if kind < 0.98 else [self.first(), self.first(), self.last()]  # noqa: PLR2004
        return title, self.cased(" ".join(words))

    def cased(self, name: str) -> str:
        """Return the name in capitals, with a capital, or small."""
        chance = self.dice.random()
        if chance < 0.03:  # noqa: PLR2004
            return name.upper()
        if chance < 0.38 and name.islower():  # noqa: PLR2004
            return name
        return re.sub(r"(^|[\s\-'])(\w)", lambda match: match[1] + match[2].upper(), name)
