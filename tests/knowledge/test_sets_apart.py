"""Training, tuning and test sets are three hands' work: nothing crosses over."""

import re
from itertools import combinations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.encode import Encoder
from knowledge.gold import load_gold
from knowledge.wordings import load_wordings

SAME_MEANING = 0.9  # cosine by the frozen encoder: above this two wordings are one
RUN = 6  # words
LIKELIEST = 5  # training wordings most like each gold one in their words


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


def near(texts: list[str], others: list[str], encoder: Encoder) -> list[tuple[str, str]]:
    rows, columns = np.nonzero(encoder.encode(texts) @ encoder.encode(others).T > SAME_MEANING)
    return [(texts[row], others[column]) for row, column in zip(rows, columns, strict=True)]


@pytest.fixture(scope="module")
def published() -> Encoder:
    return Encoder(trained=False)


@pytest.mark.parametrize("name", ["tuning", "test"])
def test_no_training_wording_nearly_equals_a_gold_one(name, sets, published) -> None:
    """Letter groups name the likeliest, since what nearly equals another shares most of them; the encoder judges."""
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), min_df=2, dtype=np.float32)
    likeness = letters.fit_transform(sets["training"]) @ letters.transform(sets[name]).T
    rows = np.argsort(-likeness.toarray(), axis=0)[:LIKELIEST]
    likeliest = [sets["training"][row] for row in np.unique(rows)]

    assert near(likeliest, sets[name], published) == []


def test_a_near_duplicate_is_found(sets, published) -> None:
    text = sets["tuning"][0]

    assert near([f"{text} Thanks."], sets["tuning"], published) == [(f"{text} Thanks.", text)]


def test_no_tuning_scenario_nearly_equals_a_test_one(sets, published) -> None:
    assert near(sets["tuning"], sets["test"], published) == []
