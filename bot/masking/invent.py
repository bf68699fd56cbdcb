"""Puts names into what staff type: the tagger's lesson, made anew at each fit from data/nlu and the lists of names.

Every message comes with a tag for each token: True where it is a name. Same seed, same lesson.
"""

import random
import re
from pathlib import Path
from typing import Iterator, List, NamedTuple, Set, Tuple

from bot.masking.lexicon import DATA, unpacked
from bot.masking.names import no_people
from bot.masking.people import COMMON, FORMS, People
from bot.masking.tokens import Token, cut

WORDINGS = Path(__file__).parents[2] / "data" / "nlu"
EXAMPLE = "      - "
ROLES = "|".join(FORMS["roles"])
PERSON = re.compile(
    rf"\b(?:a|an|the|this|one|our|my|that|some|another)(?: \w+)? (?:{ROLES})\b(?! ?['’])", re.IGNORECASE
)
SUBJECT = re.compile(r"\b(?:he|she)\b(?!['’])", re.IGNORECASE)
OBJECT = re.compile(r"\bhim\b", re.IGNORECASE)
OWNER = re.compile(r"\b(?:his|her)(?= [a-z]{3,})", re.IGNORECASE)


class Lesson(NamedTuple):
    """A message, and where names stand in it."""

    text: str
    names: List[Tuple[int, int]]

    def tags(self, tokens: List[Token]) -> List[bool]:
        """Return for each token whether it is a name."""
        return [any(start <= token.start < end for start, end in self.names) for token in tokens]


def wordings(folder: Path = WORDINGS) -> List[str]:
    """Return what staff say, as data/nlu has it."""
    lines = (line for path in sorted(folder.rglob("*.yml")) for line in path.read_text(encoding="utf8").splitlines())
    return [line[len(EXAMPLE) :].strip() for line in lines if line.startswith(EXAMPLE)]


def listed() -> Tuple[Set[str], Set[str]]:
    """Return the names that stand in the wordings, and those that are names there only with a capital."""
    lines = (DATA / "names_in_wordings.txt").read_text(encoding="utf8").splitlines()
    always = {word for line in lines if line[0] not in "#+" for word in line.split()}
    return always, {word for line in lines if line[0] == "+" for word in line[1:].split()}


def plain_lines(name: str) -> List[str]:
    """Return the lines of a list in data/."""
    return [line for line in (DATA / name).read_text(encoding="utf8").splitlines() if line[:1] != "#"]


def divided(name: str) -> List[str]:
    """Return the parts of a list in data/ whose lines are divided by strokes."""
    return [each.strip() for line in plain_lines(name) for each in line.split("|")]


ALWAYS, CAPITAL = listed()
NO_PERSON = re.compile(r"St John|St Mark|Ray.?Ban|Custard King")


def named(text: str) -> Lesson:
    """Return a wording with the names that stand in it."""
    if NO_PERSON.search(text) or any(True for _ in no_people(text)):
        return Lesson(text, [])
    tokens = (each for each in cut(text) if each.base in ALWAYS or (each.base in CAPITAL and each.look == "X"))
    return Lesson(text, [(token.start, token.end) for token in tokens])


class Inventor:
    """Puts names into messages."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311  (a lesson, no secret)
        self.people = People(self.dice)
        self.ordinary, self.fames = divided("ordinary.txt"), divided("no_people.txt")
        self.uses = unpacked("uses.txt.gz").splitlines()
        self.places = [each for line in plain_lines("places.txt") for each in line.split()]

    def replaced(self, lesson: Lesson) -> Lesson:
        """Return a wording with other names in the place of its own."""
        text, spans, done = "", [], 0
        for start, end in lesson.names:
            text += lesson.text[done:start]
            title, name = self.people.name()
            if name.islower() != lesson.text[start:end].islower() and self.dice.random() < 0.8:  # noqa: PLR2004
                name = name.lower() if lesson.text[start:end].islower() else name.title()
            text += title * (self.dice.random() < 0.5)  # noqa: PLR2004
            spans.append((len(text), len(text) + len(name)))
            text, done = text + name, end
        return Lesson(text + lesson.text[done:], spans)

    def filled(self, form: str, it: str) -> Lesson:
        """Return a form with names in its gaps."""
        text, spans = "", []
        for part in re.split(r"(\{n\})", form.replace("{it}", it)):
            if part == "{n}":
                title, name = self.people.name()
                spans.append((len(text + title), len(text + title + name)))
                text += title + name
            else:
                text += part
        return Lesson(text, spans)

    def put(self, lesson: Lesson, start: int, end: int, form: str) -> Lesson:
        """Return a lesson with a filled form in the place of some of its words."""
        new = self.filled(form, lesson.text[start:end])
        grown = len(new.text) - (end - start)
        spans = [(a, b) for a, b in lesson.names if b <= start] + [(a + start, b + start) for a, b in new.names]
        spans += [(a + grown, b + grown) for a, b in lesson.names if a >= end]
        return Lesson(lesson.text[:start] + new.text + lesson.text[end:], spans)

    def peopled(self, lesson: Lesson) -> Lesson:
        """Return a wording in which a person, a pronoun, its beginning or its end has become a name."""
        forms = (
            (PERSON, FORMS["placed"]),
            (SUBJECT, ("{n}",)),
            (OBJECT, ("{n}",)),
            (OWNER, ("{n}'s", "{n}'s", "{n}s", "{n}’s")),
        )
        for finder, into in self.dice.sample(forms, len(forms)):
            matches = list(finder.finditer(lesson.text))
            if matches and self.dice.random() < 0.75:  # noqa: PLR2004
                match = self.dice.choice(matches)
                lesson = self.put(lesson, *match.span(), self.dice.choice(into))
                break
        else:
            lesson = self.put(lesson, 0, 0, self.dice.choice(FORMS["opened"]))
        if self.dice.random() < 0.3:  # noqa: PLR2004
            lesson = self.put(lesson, len(lesson.text), len(lesson.text), self.dice.choice(FORMS["closed"]))
        return lesson

    def strewn(self, lesson: Lesson) -> Lesson:
        """Return the lesson with words that are names elsewhere but not here."""
        choice, people = self.dice.choice, self.people
        place, form = choice(self.places), choice(FORMS["strewn"])
        form = form.format(
            o=choice(self.ordinary), u=choice(self.uses), p=place, w=choice(FORMS["also_words"]),
            s=people.last().title(), f=people.first().title(), k=choice(self.fames),
        )  # fmt: skip
        gaps = [match.start() for match in re.finditer(r"(?<=[a-z]) (?=[a-z])", lesson.text)]
        gaps = [gap for gap in gaps if not any(a - 1 <= gap <= b for a, b in lesson.names)] + [0]
        return self.put(lesson, gap := self.dice.choice(gaps), gap, (" " * bool(gap)) + form)

    def typed(self, lesson: Lesson) -> Lesson:
        """Return the lesson in small letters or in capitals now and then."""
        chance = self.dice.random()
        text = lesson.text.lower() if chance < 0.2 else lesson.text.upper() if chance < 0.22 else lesson.text  # noqa: PLR2004
        return Lesson(text, lesson.names) if len(text) == len(lesson.text) else lesson

    def slips(self, lesson: Lesson) -> Lesson:
        """Return the lesson as somebody in a hurry types it."""
        for _ in range(self.dice.choice((1, 1, 2, 3, 6))):
            lesson = self.slipped(lesson)
        return lesson

    def slipped(self, lesson: Lesson) -> Lesson:
        """Return the lesson with a slip of the fingers in an ordinary word."""
        tokens = [token for token in cut(lesson.text) if token.look == "x" and len(token.base) > COMMON]
        tokens = [token for token in tokens if not any(a <= token.start < b for a, b in lesson.names)]
        if not tokens:
            return lesson
        token = self.dice.choice(tokens)
        word = self.people.misspelt(lesson.text[token.start : token.end])
        grown = len(word) - (token.end - token.start)
        spans = [(a + grown * (a > token.start), b + grown * (a > token.start)) for a, b in lesson.names]
        return Lesson(lesson.text[: token.start] + word + lesson.text[token.end :], spans)


def lessons(seed: int = 7) -> Iterator[Lesson]:
    """Yield the whole lesson."""
    inventor = Inventor(seed)
    chance = inventor.dice.random
    for text in wordings():
        lesson = named(text)
        yield inventor.typed(inventor.slips(lesson) if chance() < 0.15 else lesson)  # noqa: PLR2004
        for _ in range(3 * bool(lesson.names)):
            yield inventor.typed(inventor.replaced(lesson))
        made = inventor.peopled(lesson)
        made = inventor.strewn(made) if chance() < 0.4 else made  # noqa: PLR2004
        yield inventor.typed(inventor.slips(made) if chance() < 0.25 else made)  # noqa: PLR2004
        if chance() < 0.4:  # noqa: PLR2004
            yield inventor.typed(inventor.strewn(lesson))
    for use in inventor.uses:
        yield Lesson(use, [])
