"""Puts names into what staff type: the tagger's lesson, made anew at each fit from data/nlu and the lists of names.

Every message comes with a tag for each token: True where it is a name. Same seed, same lesson.
"""

import gzip
import random
import re
from pathlib import Path
from typing import Iterator, List, NamedTuple, Set, Tuple

from bot.masking.lexicon import DATA, NAMES, WORDS
from bot.masking.names import no_people
from bot.masking.tokens import Token, cut

WORDINGS = Path(__file__).parents[2] / "data" / "nlu"
EXAMPLE = "      - "
COMMON = 3
ROLES = (
    "pupil|student|child|kid|boy|girl|lad|lass|parent|mum|mother|dad|father|colleague|teacher|ta|teaching assistant|"
    "head|deputy|headteacher|governor|caretaker|cook|volunteer|coach|secretary|friend|neighbour|cleaner|technician|"
    "midday lady|dinner lady|tutor|trainee|student teacher|nurse|librarian|receptionist|manager|mate|nephew|niece|"
    "cousin|brother|sister|daughter|son|supply teacher|prefect|year \\d+|grandad|nan|gran|carer|foster carer"
)
PERSON = re.compile(rf"\b(?:a|an|the|this|one|our|my|that|some|another)(?: \w+)? (?:{ROLES})\b(?! ?['’])", re.IGNORECASE)
SUBJECT = re.compile(r"\b(?:he|she)\b(?!['’])", re.IGNORECASE)
OBJECT = re.compile(r"\bhim\b", re.IGNORECASE)
OWNER = re.compile(r"\b(?:his|her)(?= [a-z]{3,})", re.IGNORECASE)
PLACED = (
    "{n}", "{n}", "{n}", "{n}", "{it} {n}", "{it} called {n}", "{it} named {n}", "{it}, {n},", "{n}, {it},", "{it} ({n})",
    "{n} ({it})", "{n} in year 6", "{n} in yr 9", "{n} from year 4", "{n} in my class", "{n} in 5B", "little {n}",
    "{n} and {n}", "{n}, {n} and {n}", "{n} & {n}", "{n}'s mum", "{n}s mum", "{n}'s dad", "{n}s nan", "young {n}", "both {n} and {n}",
    "{n} the caretaker", "{n} in the office", "{n} our dsl", "{n} who i teach", "this {n}", "old {n}", "{n} or {n}",
)  # fmt: skip
OPENED = (
    "Hi its {n} here. ", "{n}: ", "{n} - ", "Hello, {n} from the office. ", "this is {n}, ", "{n} (yr 9) ", "re {n}: ",
    "About {n}. ", "{n} here, ", "Hi {n}, ", "Dear {n}, ", "hi {n} ", "{n}. ", "So {n}. ", "It's about {n}. ", "{n}!! ",
    "Morning {n} ", "its {n} again ", "Name's {n}. ", "my names {n} and ", "I'm {n}, TA. ", "im {n} ", "ok so {n} ",
    "{n} from reception says ", "{n} in the office said ", "{n} who does lunches ", "{n} from year 4 ", "{n} told me ", "{n}s mum: ", "is it {n} or {n}, ",
    "not {n}. ", "ask {n}? ", "{n} n {n} ", "me and {n} ", "what if {n} ", "{n} has ",
)  # fmt: skip
CLOSED = (
    " thanks {n}", " - {n}", ". {n}", " Its {n} by the way", " (her name is {n})", " it was {n}", ", {n} and {n}", " i mean {n}",
    " I think its {n}.", " from {n}", ", his name is {n}.", " {n} says no", " {n} told me to ask", ". {n} knows. {n} doesn't",
    " Regards, {n}", " Kind regards {n}", " should i tell {n}?", " {n} said its fine", " do I tell {n} or {n}", " with {n}", " told {n} who told me", " email from {n} about it", ". {n} told {n}", " a msg from {n}, year 9", " who is {n}",
    ". It's {n} in my form.", " about {n}", ", and {n} saw it", " {n} is only 12", " {n} was there too", " and {n}s too", " x {n}",
    " like {n} did", " same as {n}", ". {n}'s upset", " have spoken to {n}", " ask {n}", ". Told {n}.", ". Not {n} though", " to {n}",
    " {n} (#)", " {n} #", ", {n}: #", " {n}s number is #", " ring {n} on #", " got a text from {n} #", ". {n} is # on insta", " # {n}",
    " # is {n}s", " {n}'s email is #", " posted by {n}, #,", ". {n} has it on her phone", " {n} posted it", " {n} wants to know", " {n} sent it", " {n} added me", " by {n}", " for {n}",
)  # fmt: skip
ALSO_WORDS = (
    "will mark grace may hope rose faith joy summer amber ruby jack bill rich drew frank jasmine sky max sunny dean chase "
    "hunter mason king pat sue guy chip rob bob dawn jade robin lee terry martin dale ivy peter kit jay pearl mike lily "
    "olive warren precious don roger iris bobby daisy holly harry ray tom ken carol josh billy tony angel poppy "
    "heath reed miles pierce lance art nick gene sandy penny ginger honey patience harmony melody misty autumn storm star "
    "river brook skye blue princess prince destiny heaven blessing favour mercy comfort charity justice ace rocky buddy "
    "jo ali mo sol ash clay cliff dusty earl grant glen hazel heather ivory jewel jet lane violet willow page paris reggie"
).split()
STREWN = (
    "{o}", "{o}", "{o}", "{o},", "{o}.", "and {o}", "the {o}", "{u}", "{u}", "{u}", "{u}.", "{u}", "{u},", "{u} and", "{k}", "{k}",
    "{s} Infants", "{s} Grove", "{s} House", "{s} building", "{s} Lane School", "{s} High", "St {f}'s", "St {f}s", "{w} class",
    "{f} class", "{s} house group", "{s} Court", "{s} Park", "St {f}’s school", "the {w} group", "{s} boots", "in {w} group", "trip to {p}", "in {p}", "from {p}", "moved to {p}", "near {p}",
    "on {p}", "at {p}", "the {p} trip", "the {p} page", "{p} group", "the {s} Street site", "on {s} Road", "{s} Primary",
    "at {s} Academy", "outside {p}", "via {p}", "the {s} Foundation", "St {s}'s", "{s} Avenue", "{p} and {p}", "{p} thing",
)  # fmt: skip
TITLED = ("Mr", "Mrs", "Miss", "Ms", "Mr", "Mrs", "Miss", "Dr", "Mx", "Sir", "mr", "mrs", "miss", "ms", "Mr.", "Mrs.")
SURNAME_WORDS = [each for each in NAMES if NAMES[each][1] >= COMMON + 1 and WORDS.get(each, (0,))[0] >= 1]


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


ALWAYS, CAPITAL = listed()
NO_PERSON = re.compile(r"St John|St Mark|Ray.?Ban|Custard King")


def named(text: str) -> Lesson:
    """Return a wording with the names that stand in it."""
    if NO_PERSON.search(text) or any(True for _ in no_people(text)):
        return Lesson(text, [])
    spans = []
    for token in cut(text):
        if token.base in ALWAYS or (token.base in CAPITAL and token.look == "X"):
            spans.append((token.start, token.end))
    return Lesson(text, spans)


class Inventor:
    """Makes names, and puts them into messages."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311  (a lesson, no secret)
        plain = [each for each in NAMES if NAMES[each][0] and WORDS.get(each, (0,))[0] < COMMON]
        self.firsts = [[each for each in plain if NAMES[each][0] >= least] for least in (1, 3, 5)]
        self.ordinary = [each.strip() for line in plain_lines("ordinary.txt") for each in line.split("|")]
        self.fames = [each.strip() for line in plain_lines("no_people.txt") for each in line.split("|")]
        self.uses = gzip.open(DATA / "uses.txt.gz", "rt", encoding="utf8").read().splitlines()
        self.places = [each for line in plain_lines("places.txt") for each in line.split()]
        self.lasts = [[each for each in NAMES if NAMES[each][1] >= least and not WORDS.get(each)] for least in (2, 3, 4)]

    def first(self) -> str:
        """Return a first name."""
        if self.dice.random() < 0.1:  # noqa: PLR2004
            word = self.dice.choice(ALSO_WORDS)
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
            [word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :], word + letter]
        )

    def name(self) -> Tuple[str, str]:
        """Return (title, name) as somebody types it; the title is no part of the name."""
        kind, title = self.dice.random(), ""
        if kind < 0.55:  # noqa: PLR2004
            words = [self.first()]
        elif kind < 0.72:  # noqa: PLR2004
            words = [self.first(), self.last()]
        elif kind < 0.90:  # noqa: PLR2004
            title, words = self.dice.choice(TITLED) + " ", [self.last()]
        elif kind < 0.92:  # noqa: PLR2004
            title, words = self.dice.choice(TITLED) + " ", [self.dice.choice("abcdefghjklmnoprstw")]
        elif kind < 0.94:  # noqa: PLR2004
            words = [self.first(), self.dice.choice("abcdefghjklmnoprstw")]
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

    def replaced(self, lesson: Lesson) -> Lesson:
        """Return a wording with other names in the place of its own."""
        text, spans, done = "", [], 0
        for start, end in lesson.names:
            text += lesson.text[done:start]
            title, name = self.name()
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
                title, name = self.name()
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
        forms = ((PERSON, PLACED), (SUBJECT, ("{n}",)), (OBJECT, ("{n}",)), (OWNER, ("{n}'s", "{n}'s", "{n}s", "{n}’s")))
        for finder, into in self.dice.sample(forms, len(forms)):
            matches = list(finder.finditer(lesson.text))
            if matches and self.dice.random() < 0.75:  # noqa: PLR2004
                match = self.dice.choice(matches)
                lesson = self.put(lesson, *match.span(), self.dice.choice(into))
                break
        else:
            lesson = self.put(lesson, 0, 0, self.dice.choice(OPENED))
        if self.dice.random() < 0.3:  # noqa: PLR2004
            lesson = self.put(lesson, len(lesson.text), len(lesson.text), self.dice.choice(CLOSED))
        return lesson

    def strewn(self, lesson: Lesson) -> Lesson:
        """Return the lesson with words that are names elsewhere but not here."""
        place = self.dice.choice(self.places)
        form = self.dice.choice(STREWN).format(
            o=self.dice.choice(self.ordinary), u=self.dice.choice(self.uses), p=place, w=self.dice.choice(ALSO_WORDS),
            s=self.last().title(), f=self.first().title(), k=self.dice.choice(self.fames),
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
        word = self.misspelt(lesson.text[token.start : token.end])
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
