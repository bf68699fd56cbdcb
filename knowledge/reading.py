"""Read a message: what the engine believes about the whole of it and about each part.

Uses what build.py built. It believes; decide.py decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from knowledge import weigh
from knowledge.build import Built
from knowledge.encode import Encoder, Vectors
from knowledge.load import Library
from knowledge.story import parts
from knowledge.thresholds import Thresholds
from knowledge.weigh import Belief

MOST_PARTS = 12


@dataclass(frozen=True)
class Reading:
    """Beliefs over labels: of the whole message, and of each part where it has several."""

    text: str
    labels: tuple[str, ...]
    whole: Belief
    parts: tuple[tuple[str, Belief], ...]

    def share(self, label: str) -> float:
        """Return the share of one label in the whole message."""
        return float(self.whole[self.labels.index(label)]) if label in self.labels else 0.0

    def highest(self, label: str) -> float:
        """Return the highest share of one label in the whole or in any part."""
        if label not in self.labels:
            return 0.0
        column = self.labels.index(label)
        return float(max([self.whole[column], *(belief[column] for _, belief in self.parts)]))

    def ranked(self, belief: Belief | None = None) -> list[tuple[str, float]]:
        """Return the labels with their shares, highest first."""
        found = self.whole if belief is None else belief
        return [(self.labels[column], float(found[column])) for column in np.argsort(-found)]


@dataclass(frozen=True)
class Witnesses:
    """What each witness says about the message and its parts, before any weight: (texts, labels) each."""

    texts: tuple[str, ...]
    head: Belief
    lexical: Belief
    clauses: Belief


class Reader:
    """Reads messages with one encoder and one set of built parts."""

    def __init__(self, library: Library, built: Built, encoder: Encoder) -> None:
        """Keep what is needed, and note which clause mandates each label."""
        self.library, self.built, self.encoder = library, built, encoder
        self.labels = built.head.labels
        numbers = {number: n for n, number in enumerate(built.numbers)}
        rules = [library.procedures.get(label) for label in self.labels]
        self._mandating = np.array([numbers[rule.clauses[0]] if rule else -1 for rule in rules])

    def hear(self, text: str) -> Witnesses:
        """Return what the witnesses say about a cleaned message and its parts."""
        pieces = parts(text)[:MOST_PARTS]
        texts = [text, *pieces] if len(pieces) > 1 else [text]
        vectors = self.encoder.encode(texts)
        head = self.built.head.scores(vectors).astype(np.float64)
        lexical = self.built.lexical.scores(texts).astype(np.float64)
        return Witnesses(tuple(texts), head, lexical, self._clause_cosines(vectors))

    def weigh(self, heard: Witnesses, thresholds: Thresholds, facts: Mapping[str, str] | None = None) -> Reading:
        """Return the reading: the witnesses weighed, under the facts that are known."""
        scores = heard.head + thresholds.lexical * heard.lexical + thresholds.clauses * heard.clauses
        beliefs = weigh.softmax(scores, thresholds.temperature)
        if facts:
            rules, asks = self.library.procedures, self.library.questions
            beliefs = np.stack([weigh.constrain(each, self.labels, facts, rules, asks) for each in beliefs])
        parts_read = tuple(zip(heard.texts[1:], beliefs[1:], strict=True))
        return Reading(heard.texts[0], self.labels, join(beliefs, thresholds.parts), parts_read)

    def read(self, text: str, thresholds: Thresholds, facts: Mapping[str, str] | None = None) -> Reading:
        """Return the reading of a cleaned message."""
        return self.weigh(self.hear(text), thresholds, facts)

    def _clause_cosines(self, vectors: Vectors) -> Belief:
        """Return each label's cosine to its mandating clause, 0 where it has none: (texts, labels)."""
        cosines, rows = self.built.clauses.search(vectors, len(self.built.numbers))
        by_clause = np.zeros((len(vectors), len(self.built.numbers)))
        np.put_along_axis(by_clause, rows, cosines.astype(np.float64), axis=1)
        return np.where(self._mandating >= 0, by_clause[:, self._mandating], 0.0)


def join(beliefs: Belief, weight: float) -> Belief:
    """Return the belief about the whole message (the first row), its clearest part weighed in."""
    if len(beliefs) == 1:
        return np.asarray(beliefs[0])
    clearest = beliefs[1:].max(axis=0)
    joined = (1 - weight) * beliefs[0] + weight * clearest / clearest.sum()
    return np.asarray(joined / joined.sum())
