"""Harm made impossible: what no reply may hold, over every procedure, every gold message and thousands of mixes."""

from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.clause import fold
from knowledge.compose import Composer
from knowledge.decide import Judge
from knowledge.found import INDECENT, Beside, Found
from knowledge.gold import load_gold
from knowledge.load import Library, load_library
from knowledge.paths import SOURCE
from knowledge.reading import Reading
from knowledge.reply import Reply
from knowledge.thresholds import load_thresholds
from knowledge.weigh import softmax
from knowledge.wordings import load_wordings
from tests.conftest import Check

LIBRARY = load_library()
ADVICE = [rule for rule in LIBRARY.procedures.values() if rule.kind == "advice"]
CRITICAL = [rule for rule in ADVICE if rule.critical]
COMPOSER = Composer(LIBRARY, date(2026, 11, 23))
THRESHOLDS = load_thresholds()
LABELS = tuple(sorted({wording.label for wording in load_wordings()}))
JUDGE = Judge(LIBRARY, LABELS)
SOURCE_WORDS = fold(SOURCE.read_text(encoding="utf8"))
CHILD = LIBRARY.procedures[INDECENT]
TO_TELL = ["line_manager", "dsl", "hr", "designated_officer"]


def codes(reply: Reply) -> set[str]:
    return {step.code for step in reply.do or ()}


def warned(reply: Reply) -> set[str]:
    return {step.code for step in (*(reply.dont or ()), *(reply.meanwhile or ()))}


def safe_to_send(reply: Reply) -> None:
    """What must hold of any reply at all."""
    told = (*(reply.do or ()), *(reply.dont or ()), *(reply.meanwhile or ()))
    assert all(step.clause or "general safety advice" in step.text for step in told)
    assert [each.number for each in reply.clauses or () if fold(each.quote) not in SOURCE_WORDS] == []
    if "copy_images" in warned(reply):
        assert "keep_evidence" not in codes(reply)
        assert "delete_evidence" not in warned(reply)
    if "inform_police" in codes(reply):
        assert INDECENT in {match.procedure for match in reply.matches or ()}


@pytest.mark.parametrize("rule", ADVICE, ids=lambda rule: rule.id)
def test_every_procedure_alone_keeps_the_contract(rule, check: Check) -> None:
    check(COMPOSER.advice([Found(rule, 0.9)]).as_json())


@pytest.mark.parametrize("rule", ADVICE, ids=lambda rule: rule.id)
def test_nothing_beside_child_images_tells_to_keep_or_not_to_delete(rule) -> None:
    reply = COMPOSER.advice([Found(rule, 0.9), Found(CHILD, 0.9)])

    assert not codes(reply) & {"keep_evidence"}
    assert not warned(reply) & {"delete_evidence"}
    assert {"copy_images", "investigate", "confront"} <= warned(reply)


@pytest.mark.parametrize("rule", ADVICE, ids=lambda rule: rule.id)
def test_a_plausible_critical_reading_brings_its_warnings_and_takes_the_screen_prints_away(rule) -> None:
    reply = COMPOSER.advice([Found(rule, 0.9)], warn=CHILD.dont)

    assert "keep_evidence" not in codes(reply)
    assert {"copy_images", "investigate", "confront"} <= warned(reply)


def test_the_police_are_commanded_for_child_images_only() -> None:
    commanding = [rule.id for rule in ADVICE if "inform_police" in {step.code for step in rule.do}]

    assert commanding == [INDECENT]


def test_two_situations_without_child_images_never_command_the_police() -> None:
    others = [rule for rule in ADVICE if rule.id != INDECENT]
    pairs = [COMPOSER.advice([Found(a, 0.9), Found(b, 0.9)]) for a, b in combinations(others, 2)]

    assert [reply.label for reply in pairs if "inform_police" in codes(reply)] == []


@given(
    rules=st.lists(st.sampled_from(ADVICE), min_size=1, max_size=3, unique_by=lambda rule: rule.id),
    along=st.lists(st.sampled_from(ADVICE), max_size=3),
    warn=st.booleans(),
    suspects=st.frozensets(st.sampled_from(TO_TELL)),
)
@settings(max_examples=2000, deadline=None)
def test_no_mix_of_procedures_breaks_a_rule(rules, along, warn, suspects) -> None:
    others = [rule for rule in along if rule is not CHILD]  # its steps are never taken along (beside.py)
    beside = Beside(
        tuple(step for rule in others for step in rule.do), tuple(step for rule in others for step in rule.dont)
    )
    found = [Found(rule, 0.8) for rule in rules]
    reply = COMPOSER.advice(found, beside, warn=CHILD.dont if warn else (), suspects=suspects)

    safe_to_send(reply)
    assert not suspects & {person.role for person in reply.contacts}
    assert {step.clause for step in (*reply.do, *reply.dont)} - {None} <= {each.number for each in reply.clauses}
    if warn:
        assert {step.code for step in CHILD.dont} <= warned(reply)


def beliefs(peaks: list[str], spread: float, seed: int) -> np.ndarray:
    """Return a belief over all labels with a few peaks."""
    scores = np.random.default_rng(seed).normal(scale=spread, size=len(LABELS))
    for place, label in enumerate(peaks):
        scores[LABELS.index(label)] += 6 - place
    return softmax(scores)


PEAKS = st.lists(st.sampled_from(LABELS), min_size=1, max_size=3, unique=True)
TEXTS = st.sampled_from([gold.text for gold in load_gold("tuning")])


@given(text=TEXTS, believed=st.lists(PEAKS, min_size=1, max_size=4), spread=st.floats(0.2, 3), seed=st.integers(0, 999))
@settings(max_examples=2000, deadline=None)
def test_no_reading_at_all_leads_to_a_harmful_reply(engine, text, believed, spread, seed) -> None:
    """Whatever the witnesses may believe, right or wrong, of the whole (the first) and of its parts."""
    whole, *parts = (beliefs(peaks, spread, seed + n) for n, peaks in enumerate(believed))
    reading = Reading(text, LABELS, whole, tuple((text, belief) for belief in parts))
    decision = JUDGE.decide(reading, THRESHOLDS)
    reply = engine.reply(decision, frozenset())

    safe_to_send(reply)
    for rule in CRITICAL:
        if reply.type != "small_talk" and reading.highest(rule.id) >= THRESHOLDS.critical_floor:
            lost = {step.code for step in rule.dont} - warned(reply)
            assert lost <= ({"delete_evidence"} if "copy_images" in warned(reply) else set())
    if decision.danger or reply.type == "emergency":
        assert reply.do[0].code == "call_999"


@pytest.mark.parametrize("name", ["tuning", "test"])
def test_no_gold_message_gets_a_harmful_reply(name, engine, check: Check) -> None:
    for gold in load_gold(name):
        reply = engine.answer(gold.text)
        check(reply.as_json())

        safe_to_send(reply)


@pytest.mark.parametrize("role", TO_TELL)
def test_the_person_it_is_about_is_not_among_those_to_tell(role) -> None:
    for rule in ADVICE:
        reply = COMPOSER.advice([Found(rule, 0.9)], suspects=frozenset({role}))

        assert role not in {person.role for person in reply.contacts}


def test_an_emergency_tells_of_999_first(library: Library, check: Check) -> None:
    reply = check(COMPOSER.emergency(CHILD.dont).as_json())

    assert reply["do"][0]["code"] == "call_999"
    assert reply["do"][0]["clause"] is None
    assert "copy_images" in {step["code"] for step in reply["dont"]}
