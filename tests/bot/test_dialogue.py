"""Conversations through the real Rasa server: moves, follow-ups, changed facts, new situations."""

import pytest

pytestmark = pytest.mark.server


def first(reply):
    return reply["clauses"][0]["number"]


def test_a_parent_s_friend_request_over_rest(talk) -> None:
    assert first(talk("a parent added me on facebook last night, what should i do")) == "2.6.2"


def test_six_turns(talk) -> None:
    asked = talk("Someone's asked to follow me on Insta, do I say yes?")
    assert (asked["type"], asked["question"]["fact"]) == ("question", "who")

    answered = talk("a pupil")
    assert (answered["type"], first(answered)) == ("advice", "2.3.5")

    why = talk("why?")
    assert (why["type"], first(why)) == ("policy_text", "2.3.5")

    changed = talk("and if she left last year?")
    assert (changed["type"], first(changed)) == ("advice", "2.3.4")

    new = talk("My phone was stolen from the staff room and I never wrote down the IMEI number")
    assert (new["type"], first(new)) == ("advice", "2.4.5")

    assert talk("thanks, that helps")["type"] == "small_talk"


def test_a_chosen_button_is_the_same_as_a_typed_answer(talk) -> None:
    question = talk("somebody has asked to add me on snapchat")["question"]

    assert first(talk(question["options"][0]["title"])) == "2.3.5"


def test_i_already_accepted_it_is_met_without_blame(talk) -> None:
    talk("One of my Year 9 pupils has sent me a friend request on Instagram")
    reply = talk("I already accepted it")

    assert first(reply) in ("2.3.5", "2.3.4")
    assert "inform_manager" in {step["code"] for step in reply["do"]}
    assert "What is done is done" in reply["text"]


def test_a_corrected_fact_changes_the_advice(talk) -> None:
    assert first(talk("One of my Year 9 pupils has sent me a friend request on Instagram")) == "2.3.5"
    assert first(talk("it's a parent, sorry")) == "2.6.2"


def test_the_clause_can_be_shown_and_the_answer_repeated(talk) -> None:
    told = talk("a colleague has asked for my login to do the register")
    shown = talk("show me the clause")
    assert [each["number"] for each in shown["clauses"]] == [each["number"] for each in told["clauses"]]
    assert talk("say that again please")["text"] == told["text"]


def test_who_to_tell_names_the_roles_of_the_last_answer(talk) -> None:
    talk("A colleague has posted racist jokes about travellers on Facebook")

    assert "Designated Officer" in talk("who do I tell?")["text"]


def test_a_clause_by_number(talk) -> None:
    assert first(talk("what does 2.7.4 say")) == "2.7.4"


def test_a_term_is_explained(talk) -> None:
    assert "Designated Officer" in talk("what is a LADO")["text"]


def test_is_it_illegal_is_answered_from_the_appendix(talk) -> None:
    reply = talk("is it illegal to copy worksheets from a textbook and put them online")

    assert (reply["type"], first(reply)) == ("policy_text", "A.copyright")


def test_start_over_forgets(talk) -> None:
    talk("a parent added me on facebook last night")
    talk("start again")

    assert talk("why?")["type"] == "small_talk"


@pytest.mark.parametrize("text", ["hello", "are you a bot?", "what can you do?", "thank you", "bye"])
def test_small_talk_is_small_talk(text: str, talk) -> None:
    assert talk(text)["type"] == "small_talk"


def test_a_greeting_does_not_swallow_a_situation(talk) -> None:
    assert first(talk("hi there, thanks for being here, a parent added me on facebook, what now?")) == "2.6.2"
