"""Every channel says the same: the same steps, warnings and clauses, in the same order.

The web page is held to the same in tests/browser/test_same_on_the_page.py.
"""

import json

import pytest

from bot import chat
from bot.gateway import slack_card, teams_card
from tests.bot.drawn import CHANNELS, held

MESSAGES = (
    "a pupil sent me a nude, a colleague messages her at night, and I am being bullied online about it too",
    "someone sent me a friend request",
    "somebody has a knife, what do i do",
)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_says_of_every_procedure_what_the_others_say(channel: str, engine, library) -> None:
    replies = {each: engine.advise(each).as_json() for each in library.procedures}

    assert [each for each, reply in replies.items() if CHANNELS[channel](reply) != held(reply)] == []


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("message", MESSAGES)
def test_a_channel_says_of_a_message_what_the_others_say(message: str, channel: str, engine) -> None:
    reply = engine.answer(message).as_json()

    assert any(held(reply).values())
    assert CHANNELS[channel](reply) == held(reply)


@pytest.mark.parametrize("part", ["do", "dont", "clauses"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_that_left_something_out_would_be_found(channel: str, part: str, engine) -> None:
    reply = engine.advise("indecent_child_images").as_json()
    last = reply[part][-1]
    without = {**reply, part: reply[part][:-1], "text": reply["text"].replace(last.get("quote") or last["text"], "")}

    assert CHANNELS[channel](without) != held(reply)


@pytest.mark.parametrize("channel", ["slack", "teams", "terminal", "text"])
def test_whom_not_to_tell_stands_on_every_channel(channel: str, engine) -> None:
    reply = engine.answer("my headteacher is messaging a pupil at night on snapchat").as_json()
    answer = {"reply": reply, "buttons": []}
    drawn = {
        "slack": lambda: slack_card.draw(answer)["blocks"],
        "teams": lambda: teams_card.draw(answer)["card"]["body"],
        "terminal": lambda: "\n".join(map(str, chat.lines(reply))),
        "text": lambda: reply["text"],
    }[channel]()

    assert "Tell somebody other than the person it is about" in json.dumps(drawn)
