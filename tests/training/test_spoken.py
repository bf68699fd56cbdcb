"""Answers in own words, judged on what blind writers wrote."""

import pytest

from knowledge.training.gold import load_answers, measure
from knowledge.training.scenario import runs
from knowledge.training.spoken import load_statements


def test_the_test_set_has_at_least_two_hundred_answers() -> None:
    assert len(load_answers("test")) >= 200


@pytest.mark.parametrize("name", ["test", "tuning"])
def test_no_statement_shares_six_words_with_a_blind_answer(name: str) -> None:
    taken = set().union(*(runs(each["text"]) for each in load_answers(name)))

    assert [text for text, _ in load_statements() if runs(text) & taken] == []


def test_named_steps_are_found(spoken, library) -> None:
    assert measure(spoken, library.procedures, load_answers("test")).f1 >= 0.85


def test_every_code_has_statements(library) -> None:
    taught = {label for _, label in load_statements()}
    missing = {f"{'does' if code.kind == 'do' else 'breaks'}/{name}" for name, code in library.codes.items()} - taught

    assert missing == set()
