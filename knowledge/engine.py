"""The engine: a person's words in, one reply of the contract out.

The room's public face, with load_engine(). Actions and the command line call it; it keeps no conversation and writes
nothing down.
"""

from collections.abc import Mapping
from datetime import date

from rich.console import Console

from knowledge import facts as fact_reader
from knowledge import follow
from knowledge.build import build
from knowledge.compose import Composer
from knowledge.decide import Decision, Judge, Way
from knowledge.encode import Encoder
from knowledge.found import INDECENT, Found
from knowledge.load import Library, load_library
from knowledge.reading import Reader, Witnesses
from knowledge.record import Question
from knowledge.reply import Reply
from knowledge.story import FEWEST_WORDS, LONGEST, clean, has_words, is_latin
from knowledge.text import phrases
from knowledge.thresholds import Thresholds, load_thresholds

KNOWN_WORDS = 0.5  # below this share of known words a message is taken for another language


class Engine:
    """Answers messages; one instance serves a whole process."""

    def __init__(self, library: Library, reader: Reader, thresholds: Thresholds, today: date | None = None) -> None:
        """Join the parts; `today` is fixed in tests, and otherwise the day of each reply."""
        self.library, self.reader, self.thresholds = library, reader, thresholds
        self.judge = Judge(library, reader.labels)
        self._today = today

    @property
    def composer(self) -> Composer:
        """Return a composer as of today."""
        return Composer(self.library, self._today or date.today())

    def answer(self, text: str, facts: Mapping[str, object] | None = None) -> Reply:
        """Return the reply to a message, under the facts a conversation has found (who, images, ...)."""
        told = clean(text)
        if refusal := self._refusal(text, told):
            return self.composer.refusal(*refusal)
        reading = self.reader.read(told, self.thresholds, fact_reader.known(facts or {}))
        decision = self.judge.decide(reading, self.thresholds)
        if decision.way is Way.SMALL_TALK:
            return self.move(decision.label, told)
        return self.reply(decision, fact_reader.suspects(told))

    def hear(self, text: str) -> Witnesses:
        """Return what the witnesses say of a message, unweighed: for tuning."""
        return self.reader.hear(clean(text))

    def is_move(self, text: str) -> bool:
        """Say whether the words are a conversation move and hold no situation."""
        told = clean(text)
        if self._refusal(text, told):
            return False
        return self.judge.decide(self.reader.read(told, self.thresholds), self.thresholds).way is Way.SMALL_TALK

    def move(self, label: str, text: str = "") -> Reply:
        """Return the reply to a conversation move that needs no conversation before it."""
        known, composer = self.library.moves, self.composer
        if label == "move_lookup_clause" and (found := follow.lookup(composer, text)):
            return found
        if label == "move_define_term" and (found := follow.define(composer, text)):
            return found
        return composer.small_talk(known.get(label, known["no_situation"]), label)

    def with_facts(self, situation: str, facts: Mapping[str, str]) -> Reply:
        """Return the reply to a situation under facts that have changed since."""
        return led(self.answer(situation, facts), phrases()["changed"])

    def already_done(self, situation: str | None, said: str, facts: Mapping[str, str]) -> Reply | None:
        """Return the reply to a situation and what has been done since; None where there is no situation."""
        if not situation:
            return None
        return led(self.answer(f"{situation} {said}", facts), phrases()["already_done"])

    def advise(self, label: str, text: str = "") -> Reply:
        """Return the reply of a label that is already known, as when a question has been answered.

        Raises:
            KeyError: no procedure, question or matter of that name.
        """
        if label in self.library.out_of_scope:
            return self.composer.out_of_scope(label)
        if label in self.library.questions:
            return self.composer.question(self.library.questions[label])
        rule = self.library.procedures[label]
        way = Way.ADVICE if rule.kind == "advice" else Way.TEXT
        decision = Decision(way, label, (Found(rule, 1.0),))
        return self.reply(decision, fact_reader.suspects(clean(text)))

    def resolve(self, question: Question, value: str, situation: str, facts: Mapping[str, str]) -> Reply:
        """Return the reply once a question has been answered: the situation read again under the new fact.

        Where that finds no advice, the option's own procedure is what is given. A child's image, or one that may be a
        child's, is never left to a second reading.
        """
        leads_to = next(option.leads_to for option in question.options if option.value == value)
        if leads_to in (INDECENT, *self.library.out_of_scope) or not situation:
            return self.advise(leads_to, situation)
        again = self.answer(situation, facts)
        return again if again.type == "advice" else self.advise(leads_to, situation)

    def reply(self, decision: Decision, suspects: frozenset[str]) -> Reply:
        """Return the reply that carries out a decision."""
        warn, composer = decision.warn, self.composer
        match decision.way:
            case Way.EMERGENCY:
                return composer.emergency(warn)
            case Way.SMALL_TALK:
                return self.move(decision.label)
            case Way.OUT_OF_SCOPE:
                return composer.out_of_scope(decision.label, warn)
            case Way.QUESTION:
                return composer.question(self.library.questions[decision.label], warn)
            case Way.TEXT:
                return composer.policy_text(self.library.procedures[decision.label], warn)
            case Way.ADVICE:
                return composer.advice(
                    decision.found, decision.beside, warn=warn, suspects=suspects, danger=decision.danger
                )

    def _refusal(self, text: str, told: str) -> tuple[str, str] | None:
        """Return the words and the label for input that holds nothing to look up."""
        say = phrases()
        if not text.strip():
            return say["empty"], "empty"
        if len(text) > LONGEST:
            return say["too_long"], "too_long"
        if not has_words(told):
            return say["no_words"], "no_words"
        return None if self._is_english(told) else (say["other_language"], "other_language")

    def _is_english(self, told: str) -> bool:
        """Say whether the words are ones that staff here use: Latin letters, and half of them known."""
        few = len(told.split()) < FEWEST_WORDS
        return is_latin(told) and (few or self.reader.built.lexical.known_share(told) >= KNOWN_WORDS)


def led(reply: Reply, words: str) -> Reply:
    """Return the reply with words before its first line."""
    return reply.model_copy(update={"text": f"{words} {reply.text}"})


def load_engine() -> Engine:
    """Load the engine, building first what has changed.

    Raises:
        Fault: a broken data file.
        WrongWeights: the encoder's weights are not the published ones.
    """
    with Console(stderr=True).status("Loading the engine ..."):
        library, encoder, thresholds = load_library(), Encoder(), load_thresholds()
    return Engine(library, Reader(library, build(library, encoder), encoder), thresholds)
