"""Training, tuning and test sets are three hands' work: nothing crosses over."""

import re
from itertools import combinations

import numpy as np
import pytest

from knowledge.encode import Encoder
from knowledge.gold import load_gold
from knowledge.wordings import load_wordings

SAME_MEANING = 0.9  # cosine by the frozen encoder: above this two wordings are one
RUN = 6  # words


@pytest.fixture(scope="module")
def sets() -> dict[str, list[str]]:
    return {
        "training": [wording.text for wording in load_wordings()],
        "tuning": [gold.text for gold in load_gold("tuning")],
        "test": [gold.text for gold in load_gold("test")],
    }


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))
    return {tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1)}


@pytest.mark.parametrize(("one", "other"), list(combinations(["training", "tuning", "test"], 2)))
def test_no_two_sets_share_a_run_of_six_words(one, other, sets) -> None:
    first = set().union(*map(runs, sets[one]))

    assert [text for text in sets[other] if runs(text) & first] == []


@pytest.fixture(scope="module")
def vectors(sets) -> dict[str, np.ndarray]:
    encoder = Encoder(trained=False)
    return {name: encoder.encode(texts) for name, texts in sets.items()}


@pytest.mark.parametrize(("one", "other"), list(combinations(["training", "tuning", "test"], 2)))
def test_no_wording_of_one_set_nearly_equals_one_of_another(one, other, sets, vectors) -> None:
    rows, columns = np.nonzero(vectors[one] @ vectors[other].T > SAME_MEANING)

    assert [(sets[one][row], sets[other][column]) for row, column in zip(rows, columns, strict=True)] == []
