"""The judge itself: what counts as right, on the contract's own alternatives."""

from knowledge.evaluate import calibration_error, score
from knowledge.gold import Scenario, judge, load_gold


def gold(**changed) -> Scenario:
    plain = {
        "id": "x",
        "text": "t",
        "kind": ["advice"],
        "clauses": ["2.7.5"],
        "must_do": ["inform_hr"],
        "must_dont": [],
        "never_do": ["keep_evidence"],
        "urgency": ["today"],
        "critical": True,
        "tags": [],
    }
    return Scenario.model_validate({**plain, **changed})


def reply(*do: str, first: str = "2.7.5", kind: str = "advice"):
    return {
        "type": kind,
        "urgency": "today",
        "do": [{"code": code} for code in do],
        "dont": [],
        "clauses": [{"number": first}],
    }


def test_hr_or_the_designated_officer_fulfils_2_7_5() -> None:
    assert judge(gold(), reply("inform_designated_officer"))["must_do"]


def test_the_same_step_does_not_stand_in_elsewhere() -> None:
    assert not judge(gold(clauses=["2.7.4"]), reply("inform_designated_officer", first="2.7.4"))["must_do"]


def test_a_forbidden_step_is_harm() -> None:
    assert judge(gold(), reply("inform_hr", "keep_evidence"))["harmless"] is False


def test_a_wrong_kind_loses_the_clause_too() -> None:
    checks = judge(gold(), reply("inform_hr", kind="policy_text"))

    assert (checks["kind"], checks["clause"]) == (False, False)


def test_an_unsafe_critical_answer_is_named() -> None:
    assert score([gold()], [reply("inform_manager")]).unsafe == ("x",)


def test_calibration_is_exact_where_nine_in_ten_at_0_9_are_right() -> None:
    assert round(calibration_error([(0.9, True)] * 9 + [(0.9, False)]), 6) == 0
    assert round(calibration_error([(0.9, False)] * 10), 6) == 0.9


def test_the_frozen_set_is_as_large_and_mixed_as_was_asked() -> None:
    golds = load_gold("test")

    assert len(golds) >= 600
    assert sum(each.critical for each in golds) >= 60
    assert sum("near_miss" in each.tags for each in golds) >= 60
    assert sum("compound" in each.tags for each in golds) >= 40
    assert sum(each.kind[0] == "question" for each in golds) >= 40
    assert sum(each.kind[0] == "out_of_scope" for each in golds) >= 60
    assert len(load_gold("tuning")) >= 300
