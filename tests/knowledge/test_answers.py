"""What staff are told, through the real engine: one situation, one fact that must hold."""

import pytest

from knowledge.engine import Engine
from tests.conftest import Check


def codes(reply, side):
    return {step["code"] for step in reply.get(side, [])}


NEIGHBOURS = [
    ("a parent added me on facebook last night, what should i do", "2.6.2"),
    ("One of my Year 9 pupils has sent me a friend request on Instagram", "2.3.5"),
    ("A girl I taught who left two years ago wants to add me on Facebook", "2.3.4"),
    ("kids made a fake account of me and are posting nasty things", "2.8.3"),
    ("Can I give my mobile number to a mum who keeps asking for it?", "2.5.3"),
    (
        "The head and his parents have agreed that he can have my mobile number for the trip, what else must I do?",
        "2.5.6",
    ),
    ("A colleague asked for my school login so she can do the register", "2.4.3"),
    ("A colleague has posted racist jokes about travellers on Facebook", "2.3.9"),
    ("I found adult porn in a colleague's downloads folder, who do I tell?", "2.7.5"),
    ("One of our mums is starting as a volunteer reader on Monday", "2.6.4"),
]


@pytest.mark.parametrize(("text", "clause"), NEIGHBOURS, ids=[clause + " " + text[:40] for text, clause in NEIGHBOURS])
def test_the_mandating_clause_comes_first(text: str, clause: str, engine: Engine, check: Check) -> None:
    reply = check(engine.answer(text).as_json())

    assert reply["type"] == "advice"
    assert reply["clauses"][0]["number"] == clause
    assert reply["policy"]["overdue"]


def test_a_pupil_s_nude_is_never_screenshotted(engine: Engine, check: Check) -> None:
    reply = check(engine.answer("A pupil sent me a nude of herself, should I screenshot it?").as_json())

    assert (reply["urgency"], reply["clauses"][0]["number"]) == ("immediate", "2.7.4")
    assert {"inform_police", "inform_designated_officer"} <= codes(reply, "do")
    assert "keep_evidence" not in codes(reply, "do")
    assert "copy_images" in codes(reply, "dont")


@pytest.mark.parametrize(
    "text",
    [
        "a pupil sent me a nude, a colleague messages her at night, and I am being bullied online",
        "A pupil sent me a nude. A colleague messages her at night. I am being bullied online.",
        "my phone got stolen, a parent added me on facebook and a year 8 sent me a topless picture of herself",
    ],
)
def test_of_three_matters_told_at_once_a_child_s_image_is_never_left_out(text: str, engine: Engine) -> None:
    reply = engine.answer(text).as_json()

    assert (reply["urgency"], reply["matches"][0]["procedure"]) == ("immediate", "indecent_child_images")
    assert "copy_images" in codes(reply, "dont")


def test_someone_in_danger_comes_before_any_clause(engine: Engine, check: Check) -> None:
    reply = check(
        engine.answer("A girl in my class has just messaged that she has taken all her mum's tablets").as_json()
    )

    assert reply["type"] == "emergency"
    assert reply["do"][0]["code"] == "call_999"


def test_the_person_bullied_is_never_ordered_to_the_police(engine: Engine, check: Check) -> None:
    reply = check(engine.answer("Parents are calling me a liar and worse on the village page every night").as_json())

    assert {"keep_evidence", "inform_manager", "police_is_your_choice"} <= codes(reply, "do")
    assert "inform_police" not in codes(reply, "do")


def test_one_fact_is_asked_for_where_it_decides(engine: Engine, check: Check) -> None:
    reply = check(engine.answer("Someone's asked to follow me on Insta, do I say yes?").as_json())

    assert reply["type"] == "question"
    assert reply["question"]["fact"] == "who"


@pytest.mark.parametrize(("who", "clause"), [("pupil", "2.3.5"), ("former_pupil", "2.3.4"), ("parent", "2.6.2")])
def test_a_known_fact_decides_without_asking(who: str, clause: str, engine: Engine, check: Check) -> None:
    reply = check(engine.answer("Someone's asked to follow me on Insta, do I say yes?", {"who": who}).as_json())

    assert reply["clauses"][0]["number"] == clause


def test_homework_complaints_are_out_of_scope_and_sent_on(engine: Engine, check: Check) -> None:
    reply = check(engine.answer("A parent has complained that there is too much homework, how do I reply?").as_json())

    assert reply["type"] == "out_of_scope"
    assert reply["refer_to"]["role"]


def test_two_situations_in_one_message_are_both_answered(engine: Engine, check: Check) -> None:
    text = (
        "Two things. A Year 8 girl has sent me a friend request on Facebook. "
        "Also my phone was stolen from the staff room yesterday and I never wrote the IMEI down."
    )
    reply = check(engine.answer(text).as_json())

    assert {"2.3.5", "2.4.5"} == {each["number"] for each in reply["clauses"][:2]}
    assert {"inform_manager", "secure_device"} <= codes(reply, "do")


@pytest.mark.parametrize("text", ["what does 2.7.4 say", "read me clause 2.7.4 please"])
def test_a_clause_asked_for_by_number_is_quoted(text: str, engine: Engine, check: Check) -> None:
    reply = check(engine.answer(text).as_json())

    assert reply["type"] == "policy_text"
    assert [each["number"] for each in reply["clauses"]] == ["2.7.4"]


def test_an_unset_contact_is_said_plainly(engine: Engine) -> None:
    text = engine.answer("a parent added me on facebook last night, what should i do").text

    assert "no contact is set" in text
