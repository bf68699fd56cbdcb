"""The answer of the highest expected worth: what a wrong label is worth."""

from knowledge.load import Library
from knowledge.worth import worth


def test_the_truth_is_worth_one(library: Library) -> None:
    assert worth("password_sharing", "password_sharing", library) == 1


def test_advice_that_shares_clause_and_steps_is_worth_more_than_one_that_shares_the_clause(library: Library) -> None:
    whole = worth("being_cyberbullied", "bullying_support", library)

    assert whole > worth("bullying_support", "being_cyberbullied", library) > 0


def test_a_refusal_is_worth_nothing_where_advice_is_due(library: Library) -> None:
    assert worth("oos_teaching", "pupil_friend_request", library) == 0


def test_cyberbullying_s_steps_are_worth_nothing_for_child_images(library: Library) -> None:
    assert worth("being_cyberbullied", "indecent_child_images", library) == 0
