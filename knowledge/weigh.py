"""Weigh what is found into one belief over labels.

Three witnesses: the trained head, the words' margins, the clause texts. Their weights and the
temperature that calibrates the result stand in thresholds.yml, chosen on the tuning set by tune.py. It decides nothing.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from knowledge.record import Procedure, Question

Belief = NDArray[np.float64]
CONTRADICTED = 0.05


def softmax(scores: NDArray[np.floating], temperature: float = 1.0) -> Belief:
    """Return probabilities along the last axis."""
    cooled = np.asarray(scores, dtype=np.float64) / temperature
    grown = np.exp(cooled - cooled.max(axis=-1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=-1, keepdims=True))


def constrain(
    belief: Belief,
    labels: tuple[str, ...],
    facts: Mapping[str, str],
    rules: Mapping[str, Procedure],
    asks: Mapping[str, Question],
) -> Belief:
    """Return the belief under known facts.

    A question about a known fact gives its share to what the answer leads to; a procedure that contradicts a fact
    gives its share to those of its topic that agree, or loses most of it where none does.
    """
    share = dict(zip(labels, belief, strict=True))
    for fact, value in facts.items():
        for name, question in asks.items():
            leads = [option.leads_to for option in question.options if option.value == value]
            if question.fact == fact and leads and name in share:
                share[leads[0]] = share.get(leads[0], 0.0) + share[name]
                share[name] = 0.0
        for name, rule in rules.items():
            if rule.facts.get(fact, value) == value or not share.get(name):
                continue
            agreeing = [
                other.id for other in rules.values() if other.topic == rule.topic and other.facts.get(fact) == value
            ]
            for other in agreeing:
                share[other] = share.get(other, 0.0) + share[name] * (1 - CONTRADICTED) / len(agreeing)
            share[name] *= CONTRADICTED
    changed = np.array([share[label] for label in labels])
    return np.asarray(changed / changed.sum())
