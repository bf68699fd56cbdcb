"""Harm made impossible: what no reply may hold, over every procedure and over pairs of them."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.compose import Composer
from knowledge.found import INDECENT, Found
from knowledge.gold import load_gold
from knowledge.load import Library, load_library
from knowledge.reply import Reply
from tests.conftest import Check

LIBRARY = load_library()
ADVICE = [rule for rule in LIBRARY.procedures.values() if rule.kind == "advice"]
COMPOSER = Composer(LIBRARY, date(2026, 11, 23))


def codes(reply: Reply) -> set[str]:
    return {step.code for step in reply.do or ()}


@pytest.mark.parametrize("rule", ADVICE, ids=lambda rule: rule.id)
def test_every_procedure_alone_keeps_the_contract(rule, check: Check) -> None:
    check(COMPOSER.advice([Found(rule, 0.9)]).as_json())


@pytest.mark.parametrize("rule", ADVICE, ids=lambda rule: rule.id)
def test_nothing_beside_child_images_tells_to_keep_or_not_to_delete(rule) -> None:
    reply = COMPOSER.advice([Found(rule, 0.9), Found(LIBRARY.procedures[INDECENT], 0.9)])

    assert not codes(reply) & {"keep_evidence"}
    assert not {step.code for step in reply.dont} & {"delete_evidence"}
    assert {"copy_images", "investigate", "confront"} <= {step.code for step in reply.dont}


@pytest.mark.parametrize("rule", ADVICE, ids=lambda rule: rule.id)
def test_a_plausible_critical_reading_brings_its_warnings_and_takes_the_screen_prints_away(rule) -> None:
    reply = COMPOSER.advice([Found(rule, 0.9)], warn=LIBRARY.procedures[INDECENT].dont)

    assert "keep_evidence" not in codes(reply)
    assert {"copy_images", "investigate", "confront"} <= {step.code for step in reply.dont}


def test_the_police_are_commanded_for_child_images_only() -> None:
    commanding = [rule.id for rule in ADVICE if "inform_police" in {step.code for step in rule.do}]

    assert commanding == [INDECENT]


def test_two_situations_without_child_images_never_command_the_police() -> None:
    others = [rule for rule in ADVICE if rule.id != INDECENT]
    pairs = [COMPOSER.advice([Found(a, 0.9), Found(b, 0.9)]) for a, b in combinations(others, 2)]

    assert [reply.label for reply in pairs if "inform_police" in codes(reply)] == []


@given(
    rules=st.lists(st.sampled_from(ADVICE), min_size=1, max_size=3, unique_by=lambda rule: rule.id),
    warn=st.booleans(),
    suspects=st.frozensets(st.sampled_from(["line_manager", "dsl", "hr", "designated_officer"])),
)
@settings(max_examples=2000, deadline=None)
def test_no_mix_of_procedures_breaks_a_rule(rules, warn, suspects) -> None:
    critical = LIBRARY.procedures[INDECENT]
    found = [Found(rule, 0.8) for rule in rules]
    reply = COMPOSER.advice(found, warn=critical.dont if warn else (), suspects=suspects)

    assert all(step.clause or "general safety advice" in step.text for step in (*reply.do, *reply.dont))
    assert not suspects & {person.role for person in reply.contacts}
    assert {step.clause for step in (*reply.do, *reply.dont)} - {None} <= {each.number for each in reply.clauses}
    if warn or critical in rules:
        assert "keep_evidence" not in codes(reply)
    if critical not in rules:
        assert "inform_police" not in codes(reply)


@pytest.mark.parametrize("name", ["tuning", "test"])
def test_no_gold_message_is_answered_with_a_forbidden_pair(name, engine, check: Check) -> None:
    for gold in load_gold(name):
        reply = check(engine.answer(gold.text).as_json())
        do = {step["code"] for step in reply.get("do", [])}
        dont = {step["code"] for step in reply.get("dont", [])}

        assert not ("keep_evidence" in do and "copy_images" in dont), gold.id
        assert not ("inform_police" in do and "confront" not in dont), gold.id


def test_an_emergency_tells_of_999_first(library: Library, check: Check) -> None:
    reply = check(COMPOSER.emergency(library.procedures[INDECENT].dont).as_json())

    assert reply["do"][0]["code"] == "call_999"
    assert reply["do"][0]["clause"] is None
    assert "copy_images" in {step["code"] for step in reply["dont"]}
