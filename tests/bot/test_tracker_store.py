"""What Rasa keeps of a conversation: masked, bounded, erasable, and erased in time. Runs on Rasa's own Python."""

import json
import subprocess

import pytest

from bot.parts import RASA
from bot.process import QUIET
from bot.settings import PROJECT

WHO = ("Jade", "Smith", "07700", "Okafor", "U0123")


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> dict:
    """What each kind of store held at each step."""
    done = subprocess.run(
        [str(RASA), "-W", "ignore", "-m", "tests.rasa_side.keep_masked", str(tmp_path_factory.mktemp("kept"))],
        cwd=PROJECT, capture_output=True, text=True, check=True, env={**QUIET, "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(params=["memory", "sql"])
def store(request, kept) -> dict:
    """One kind of store."""
    return kept[request.param]


def test_the_store_holds_nobody_who_was_named(store) -> None:
    assert [each for each in WHO if each in store["held"]] == []
    assert "[name] in 9B messaged me" in store["held"]


def test_the_turn_itself_still_has_the_raw_words_after_it_was_saved(store) -> None:
    assert store["live"] == store["live_slot"]
    assert store["live"].startswith("Jade Smith")


def test_the_next_turn_reads_the_masked_situation(store) -> None:
    assert store["slot"] == store["text"] == "[name] in 9B messaged me, her mum's number is [phone]"


def test_a_kept_reply_loses_what_the_person_said_but_no_helpline(store) -> None:
    assert store["reply"]["text"] == "Do not reply to [name]. Childline: 0800 1111, help@childline.org.uk"


def test_a_long_conversation_is_kept_short_with_its_slots(store) -> None:
    assert store["long"] <= 120
    assert store["long_slot"] == "[name] in 9B messaged me, her mum's number is [phone] 29"


def test_a_long_conversation_holds_nobody_either(store) -> None:
    assert [each for each in WHO if each in store["long_held"]] == []


def test_an_erased_conversation_is_gone(store) -> None:
    assert (store["after"], store["none"]) == ("[]", True)


def test_an_erased_conversation_is_gone_from_the_database_file_too(kept) -> None:
    assert kept["sql"]["bytes"] is False


def test_a_conversation_goes_when_its_time_is_over(kept) -> None:
    assert kept["aged"] == [["new"], ["new"]]


def test_a_conversation_that_cannot_be_saved_or_read_fails_its_turn(kept) -> None:
    assert kept["broken"] == [True, True]


def test_what_is_too_old_goes_even_after_the_database_was_gone_for_a_while(kept) -> None:
    assert kept["swept"] == ["new"]


def test_a_turn_that_fails_passes_on_the_safe_words_and_nothing_else(kept) -> None:
    (said,) = kept["spoiled"]

    assert "999" in said["text"]
    assert "half" not in said["text"]


def test_a_log_says_where_an_error_was_and_nothing_that_was_typed(kept) -> None:
    assert "ValueError" in kept["log"]
    assert "keep_masked.py" in kept["log"]
    assert [each for each in (*WHO, "messaged") if each in kept["log"]] == []


@pytest.mark.server
def test_a_question_is_answered_from_the_masked_situation(talk) -> None:
    assert talk("Jayden Smith has asked to follow me on Insta, do I say yes?")["question"]["fact"] == "who"
    assert talk("a pupil")["clauses"][0]["number"] == "2.3.5"


@pytest.mark.server
def test_after_forty_turns_the_last_advice_is_still_known(talk) -> None:
    advised = talk("a parent called Priya added me on facebook last night, what should i do")
    for _ in range(40):
        assert talk("thanks, that helps")["type"] == "small_talk"
    assert talk("say that again")["clauses"] == advised["clauses"]
