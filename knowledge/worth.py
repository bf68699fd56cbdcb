"""What an answer is worth where another label is the truth.

Neighbouring procedures share clauses and steps, so a wrong label can still be a right answer; a question, a refusal or
a text is worth nothing where advice is due. decide.py takes the answer of the highest expected worth. Nothing here
sees a message.
"""

import numpy as np
from numpy.typing import NDArray

from knowledge.load import Library
from knowledge.record import Procedure, Step

MOVE, ASK, OUT, EMERGENCY = "move_", "ask_", "oos_", "emergency"
SAME_CLAUSE = 0.15  # the right clause, none of the steps
ALL_STEPS = 0.75  # and all of its steps and warnings besides
OTHER_MATTER = 0.95  # out of scope, sent to another person
SAME_FACT = 0.9  # a question for the same fact, put for another situation
OTHER_FACT = 0.3  # a question for another fact
OTHER_MOVE = 0.5
TEXT_FOR_ADVICE = 0.2  # the right clause, quoted where steps were due, or the other way round


def kind_of(label: str, library: Library) -> str:
    """Return the type of reply that a label calls for."""
    if label == EMERGENCY:
        return "emergency"
    for prefix, kind in ((MOVE, "small_talk"), (ASK, "question"), (OUT, "out_of_scope")):
        if label.startswith(prefix):
            return kind
    return library.procedures[label].kind


def covered(wanted: tuple[Step, ...], given: tuple[Step, ...]) -> float:
    """Return which part of the wanted steps' codes is given."""
    codes = {step.code for step in wanted}
    return len(codes & {step.code for step in given}) / len(codes) if codes else 1.0


def worth_of_procedure(given: Procedure, truth: Procedure) -> float:
    """Return the worth of one procedure where another is the truth, 0 to 1."""
    if not set(given.clauses[:2]) & set(truth.clauses[:2]):
        return 0.0
    if given.kind != truth.kind:
        return TEXT_FOR_ADVICE
    return SAME_CLAUSE + ALL_STEPS * covered(truth.do, given.do) * covered(truth.dont, given.dont)


def worth(given: str, truth: str, library: Library) -> float:
    """Return the worth of answering with one label where another is the truth, 0 to 1."""
    if given == truth:
        return 1.0
    if given in library.procedures and truth in library.procedures:
        return worth_of_procedure(library.procedures[given], library.procedures[truth])
    kinds = kind_of(given, library), kind_of(truth, library)
    if kinds == ("question", "question"):
        return SAME_FACT if library.questions[given].fact == library.questions[truth].fact else OTHER_FACT
    if kinds[0] != kinds[1]:
        return 0.0
    return OTHER_MATTER if kinds[0] == "out_of_scope" else OTHER_MOVE


def worth_table(labels: tuple[str, ...], library: Library) -> NDArray[np.float64]:
    """Return the worth of each label (row) where each label is the truth (column)."""
    return np.array([[worth(given, truth, library) for truth in labels] for given in labels])


def same_clause_table(labels: tuple[str, ...], library: Library) -> NDArray[np.float64]:
    """Return 1 where two labels (row, column) are procedures that share a first or second clause, else 0."""
    clauses = [
        set(library.procedures[label].clauses[:2]) if label in library.procedures else {label} for label in labels
    ]
    return np.array([[float(bool(one & other)) for other in clauses] for one in clauses])
