"""Training, tuning and test sets are three hands' work: nothing crosses over."""

import re
from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.encode import Encoder, Vectors
from knowledge.gold import load_gold
from knowledge.wordings import load_wordings

SAME_MEANING = 0.9  # cosine by the frozen encoder: above this two wordings are one
RUN = 6  # words
LIKELIEST, ALIKE = 5, 0.35  # training wordings most like each gold one in their letters; one meaning had 0.42 or more


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
def published() -> Encoder:
    return Encoder(trained=False)


@pytest.fixture(scope="module")
def gold(sets, published) -> dict[str, Vectors]:
    """The gold sets' vectors."""
    return {name: published.encode(sets[name]) for name in ("tuning", "test")}


@pytest.fixture(scope="module")
def letters(sets) -> tuple[TfidfVectorizer, csr_matrix]:
    """How texts are weighed by groups of letters, and the training wordings weighed so."""
    weigher = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), min_df=2, dtype=np.float32)
    return weigher, weigher.fit_transform(sets["training"])


def near(texts: list[str], found: Vectors, others: list[str], vectors: Vectors) -> list[tuple[str, str]]:
    """Return the pairs that mean the same."""
    rows, columns = np.nonzero(found @ vectors.T > SAME_MEANING)
    return [(texts[row], others[column]) for row, column in zip(rows, columns, strict=True)]


@pytest.mark.parametrize("name", ["tuning", "test"])
def test_no_training_wording_nearly_equals_a_gold_one(name, sets, published, gold, letters) -> None:
    """Letter groups name the likeliest, since what nearly equals another shares most of them; the encoder judges."""
    weigher, training = letters
    likeness = (training @ weigher.transform(sets[name]).T).toarray()
    rows = np.argsort(-likeness, axis=0)[:LIKELIEST]
    alike = rows[np.take_along_axis(likeness, rows, axis=0) > ALIKE]
    likeliest = [sets["training"][row] for row in np.unique(alike)]

    assert near(likeliest, published.encode(likeliest), sets[name], gold[name]) == []


def test_a_near_duplicate_is_found(sets, published, gold) -> None:
    text = sets["tuning"][0]
    like = [f"{text} Thanks."]

    assert near(like, published.encode(like), sets["tuning"], gold["tuning"]) == [(like[0], text)]


def test_no_tuning_scenario_nearly_equals_a_test_one(sets, gold) -> None:
    assert near(sets["tuning"], gold["tuning"], sets["test"], gold["test"]) == []
