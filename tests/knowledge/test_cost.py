"""What mistakes cost when thresholds are chosen."""

import pytest

from knowledge.cost import MOST_QUESTIONS, QUESTION, WRONG, cost, cost_of
from knowledge.gold import Scenario

GOLD = Scenario(
    id="x", text="x", kind=("advice",), clauses=("2.6.2",), must_do=("declare_contact",), must_dont=(), never_do=(),
    urgency=("routine",), critical=False, tags=(),
)  # fmt: skip
RIGHT = {
    "type": "advice",
    "urgency": "routine",
    "do": [{"code": "declare_contact"}],
    "clauses": [{"number": "2.6.2"}],
}
WRONG_ONE = {**RIGHT, "do": []}
ASKED = {"type": "question", "question": {"fact": "who"}}
REFUSED = {"type": "out_of_scope"}


def test_a_right_answer_costs_nothing() -> None:
    assert cost_of(GOLD, RIGHT) == 0


def test_a_wrong_answer_costs_ten_times_a_question_and_a_question_three_times_nothing() -> None:
    assert [cost_of(GOLD, reply) for reply in (REFUSED, ASKED, WRONG_ONE)] == [1, 3, 30]


@pytest.mark.parametrize("reply", [WRONG_ONE, ASKED, REFUSED])
def test_a_critical_miss_costs_more(reply) -> None:
    assert cost_of(GOLD.model_copy(update={"critical": True}), reply) > WRONG


def test_questions_beyond_the_stated_share_cost_as_much_as_wrong_answers() -> None:
    most = round(200 * MOST_QUESTIONS)
    few, many = ([ASKED] * count + [RIGHT] * (200 - count) for count in (most, most + 1))

    assert cost([GOLD] * 200, few) == most * QUESTION
    assert cost([GOLD] * 200, many) == pytest.approx((most + 1) * QUESTION + WRONG)
