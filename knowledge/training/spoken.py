"""What a trainee's own words name: steps they would take, things they would do that are warned against.

Statements of trainees (knowledge/statements/) teach it, one label each: does/<code>, breaks/<code>, avoids/<code>, or
nothing. An answer is cut into its statements; each is read by the encoder and by its words, summed. It also tells an
answer from a report of something real. What it finds is held against a procedure by judge().
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from knowledge.encode import Encoder, Vectors
from knowledge.facts import plain
from knowledge.load import read_yaml
from knowledge.paths import BUILT, ROOM
from knowledge.record import Procedure
from knowledge.training.scenario import Verdict
from knowledge.vectors import VectorStore

STATEMENTS = ROOM / "statements"
CUT = re.compile(r"[.;!?\n]+|,|\b(?:and then|then|and|but|so|also|plus|because|before|after)\b", re.IGNORECASE)
SENTENCE = re.compile(r"[.;!?\n]+")
FEWEST_WORDS = 2
DENIABLE = -0.15  # a clearer margin than this stands, whatever a single statement says; docs/training.md
FLOOR = -1.0  # a margin below this says nothing, even where the procedure has nothing likelier
PENALTY = 0.5
DENSE = 2.0  # how much the vectors weigh beside the words
NOTHING = "nothing"
AS_GOOD_AS = {"accept_request": "decline_request"}  # who says that they would not accept it has declined it
SEED = 20151
REPORT = 0.8
EVERY = 12  # which part of the wordings teaches what a report is


@dataclass(frozen=True)
class Judged:
    """An answer held against a procedure: which mandated steps it names and misses, what would do harm.

    `verdict` is None where the answer names nothing that can be judged.
    """

    verdict: Verdict | None
    named: tuple[str, ...]
    missed: tuple[str, ...]
    harm: tuple[str, ...]


def load_statements(folder: Path = STATEMENTS) -> list[tuple[str, str]]:
    """Return (text, label) of every statement."""
    found: list[tuple[str, str]] = []
    for path in sorted(folder.glob("*.yml")):
        content = read_yaml(path)
        assert isinstance(content, dict)
        found += [(str(text), str(label)) for label, texts in content.items() for text in texts]
    return found


def kept_vectors(encoder: Encoder, texts: list[str], folder: Path) -> Vectors:
    """Return the texts' vectors, from the folder where they were encoded before."""
    folder.mkdir(parents=True, exist_ok=True)
    store = VectorStore(folder, encoder.mark)
    vectors = store.of(texts, encoder)
    store.save(texts)
    return vectors


class Spoken:
    """Reads answers; fitted when it is made, in some seconds, with a fixed seed."""

    def __init__(self, encoder: Encoder, reports: Sequence[str], folder: Path = BUILT / "statements") -> None:
        """Fit on the statements, their vectors kept in the folder.

        Args:
            encoder: the engine's own.
            reports: wordings of real situations, to tell answers from them.
            folder: where vectors are kept, so that only new ones are encoded.
        """
        self.encoder = encoder
        self.words = TfidfVectorizer(ngram_range=(1, 3), sublinear_tf=True, preprocessor=plain)
        self.letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, preprocessor=plain)
        taught = load_statements()
        texts, labels = [text for text, _ in taught], [label for _, label in taught]
        self.words.fit(texts)
        self.letters.fit(texts)
        vectors = kept_vectors(encoder, [*texts, *reports], folder)
        self.margins = LinearSVC(C=PENALTY, random_state=SEED).fit(self.features(texts, vectors[: len(texts)]), labels)
        truth = [0] * len(texts) + [1] * len(reports)
        self.reports = LogisticRegression(C=10.0, class_weight="balanced", max_iter=500).fit(vectors, truth)

    def features(self, texts: Sequence[str], vectors: Vectors) -> csr_matrix:
        """Return what is known of each text: its words, its letter groups, its vector."""
        return csr_matrix(
            hstack(
                [self.words.transform(texts), self.letters.transform(texts), csr_matrix(vectors * DENSE)], format="csr"
            )
        )

    def read(self, said: str, procedure: Procedure) -> set[str]:
        """Return the labels of an answer: each statement's likeliest of all, and each piece's of this procedure's own.

        Pieces overlap (statements, two neighbours together, whole sentences): harm that hides among right steps is
        seen in one of them. docs/training.md says what each of these buys.
        """
        statements, pieces = statements_of(said), pieces_of(said)
        if not pieces:
            return set()
        margins = self.margins.decision_function(self.features(pieces, self.encoder.encode(pieces)))
        names = [str(each) for each in self.margins.classes_]
        own = [n for n, name in enumerate(names) if name in labels_of(procedure)]
        found = {names[n] for n in margins[: len(statements)].argmax(axis=1)}
        best, margin = margins[:, own].argmax(axis=1), margins[:, own].max(axis=1)
        heard = [(piece, names[own[n]], clear) for piece, n, clear in zip(pieces, best, margin, strict=True)]
        kept = {piece: label for piece, label, _ in heard[: len(statements)]}
        sure = {
            label
            for piece, label, clear in heard
            if clear > FLOOR and (clear > DENIABLE or not denied(piece, label, kept))
        }
        return (sure | found) - {NOTHING}

    def is_report(self, said: str) -> bool:
        """Say whether the words tell of something that has happened, rather than what somebody would do."""
        return float(self.reports.predict_proba(self.encoder.encode([said]))[0, 1]) >= REPORT

    def judge(self, said: str, procedure: Procedure) -> Judged:
        """Hold an answer against a procedure's steps and warnings."""
        return held(self.read(said, procedure), procedure)


def statements_of(said: str) -> list[str]:
    """Return an answer's statements; too short a piece stays with the one before."""
    pieces: list[str] = []
    for piece in (each.strip() for each in CUT.split(said)):
        if len(piece.split()) >= FEWEST_WORDS or (piece and not pieces):
            pieces.append(piece)
    return pieces


def pieces_of(said: str) -> list[str]:
    """Return an answer's statements, each two neighbours together, and its sentences; each once, statements first."""
    statements = statements_of(said)
    pairs = [f"{one} {other}" for one, other in pairwise(statements)]
    sentences = [each.strip() for each in SENTENCE.split(said) if len(each.split()) >= FEWEST_WORDS]
    return list(dict.fromkeys([*statements, *sentences, *pairs]))


def labels_of(procedure: Procedure) -> set[str]:
    """Return the labels that matter in a procedure: its steps, its warnings broken or kept, what it must not bring."""
    steps = {f"does/{each}" for each in (*(step.code for step in procedure.do), *procedure.never)}
    return steps | {f"{kind}/{step.code}" for step in procedure.dont for kind in ("breaks", "avoids")} | {NOTHING}


def denied(piece: str, label: str, statements: Mapping[str, str]) -> bool:
    """Say whether a piece seems to break what one of its own statements, read by itself, would keep."""
    avoided = label.replace("breaks/", "avoids/")
    within = {found for statement, found in statements.items() if statement in piece}
    return label.startswith("breaks/") and avoided in within and label not in within


def held(labels: set[str], procedure: Procedure) -> Judged:
    """Return what the labels of an answer are worth in a procedure."""
    required = [step.code for step in procedure.do]
    against = {step.code for step in procedure.dont}
    does = {label.split("/")[1] for label in labels if label.startswith("does/")}
    breaks = {label.split("/")[1] for label in labels if label.startswith("breaks/")}
    avoids = {label.split("/")[1] for label in labels if label.startswith("avoids/")}
    does |= {AS_GOOD_AS[code] for code in avoids & set(AS_GOOD_AS)}
    named = tuple(code for code in required if code in does)
    missed = tuple(code for code in required if code not in does)
    harm = tuple(sorted((breaks & against) | (does & set(procedure.never))))
    if harm:
        return Judged("harmful", named, missed, harm)
    if not required and avoids & against:
        return Judged("right", named, missed, harm)
    if required and not missed:
        return Judged("right", named, missed, harm)
    return Judged("partly" if named or avoids & against else None, named, missed, harm)
