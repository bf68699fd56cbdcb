"""Slack's drawing of an answer, held against slack_sdk's own Block Kit models and Slack's limits."""

import json

import pytest
from slack_sdk.models.blocks import Block

from bot.gateway.slack_card import draw, place_of
from bot.gateway.slack_manifest import manifest
from knowledge.load import load_library

PROCEDURES = sorted(load_library().procedures)


def answer(reply, *titles: str):
    """Return an answer as the gateway holds it."""
    return {"reply": reply, "buttons": [{"id": f"id-{n}", "title": title} for n, title in enumerate(titles)]}


def words(blocks) -> str:
    """Return all that a person sees."""
    found = []

    def walk(part) -> None:
        if isinstance(part, dict):
            found.extend([part["text"]] if isinstance(part.get("text"), str) else [])
            for each in part.values():
                walk(each)
        elif isinstance(part, list):
            for each in part:
                walk(each)

    walk(blocks)
    return "\n".join(found).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_every_procedure_is_drawn_whole_and_valid(procedure: str, engine) -> None:
    reply = engine.advise(procedure).as_json()
    drawn = draw(answer(reply))
    for block in Block.parse_all(drawn["blocks"]):
        block.validate_json()
    seen = words(drawn["blocks"])

    assert len(drawn["blocks"]) <= 50
    assert [each["text"] for each in (*reply.get("do", []), *reply.get("dont", [])) if each["text"] not in seen] == []
    assert [each["number"] for each in reply.get("clauses", []) if each["quote"] not in seen] == []


def test_a_question_is_drawn_with_its_buttons(engine) -> None:
    reply = engine.answer("someone sent me a friend request").as_json()
    titles = [each["title"] for each in reply["question"]["options"]]
    actions = draw(answer(reply, *titles))["blocks"][-1]

    assert [each["text"]["text"] for each in actions["elements"]] == titles
    assert [each["value"] for each in actions["elements"]] == [f"id-{n}" for n in range(len(titles))]


def test_a_title_too_long_for_a_button_stands_above_it_whole(engine) -> None:
    long = "Ask the head and his parents, say what it is for, and let managers read all of the messages"
    drawn = draw(answer(engine.answer("hello").as_json(), long, "Something short"))

    assert long in words(drawn["blocks"])
    assert [each["text"]["text"] for each in drawn["blocks"][-1]["elements"]] == ["1", "2"]


def test_what_looks_like_a_mention_or_a_link_is_text() -> None:
    drawn = draw(answer({"type": "small_talk", "text": "<!channel> <@U1> <http://evil.example|click> & more"}))

    assert (
        drawn["blocks"][0]["text"]["text"]
        == "&lt;!channel&gt; &lt;@U1&gt; &lt;http://evil.example|click&gt; &amp; more"
    )
    assert drawn["blocks"][0]["text"]["verbatim"] is True


def test_a_very_long_text_loses_no_word() -> None:
    text = " ".join(f"word{n}" for n in range(9000))
    blocks = draw(answer({"type": "small_talk", "text": text}))["blocks"]

    assert words(blocks).split() == text.split()
    assert max(len(json.dumps(each["text"]["text"])) for each in blocks) <= 3000


def test_real_advice_in_training_is_marked(engine) -> None:
    reply = {**engine.answer("a pupil sent me a nude").as_json(), "real": True}

    assert "This is real advice, not training" in words(draw(answer(reply))["blocks"])


def test_the_manifest_asks_for_what_is_used_and_no_more() -> None:
    made = manifest("https://whatnow.school.uk/")

    assert made["settings"]["event_subscriptions"]["request_url"] == "https://whatnow.school.uk/slack/events"
    assert set(made["settings"]["event_subscriptions"]["bot_events"]) == {
        "message.im",
        "app_mention",
        "app_home_opened",
    }
    assert [each for each in made["oauth_config"]["scopes"]["bot"] if "channels" in each or "files" in each] == []


def test_fifty_blocks_keep_their_buttons_and_the_note_who_sees_them() -> None:
    text = "\n".join(f"step {n}" for n in range(48))
    steps = [{"text": f"step {n}", "clause": "2.6.2"} for n in range(48)]
    clauses = [{"number": "2.6.2", "heading": "Contact", "quote": f"quote {n}"} for n in range(48)]
    reply = {"type": "advice", "text": text, "do": steps, "clauses": clauses}
    for many in (44, 45, 46, 48):
        blocks = draw(answer({**reply, "clauses": clauses[:many]}, "Yes", "No"), "Only you can see this.")["blocks"]

        assert len(blocks) <= 50
        assert [each["type"] for each in blocks[-2:]] == ["actions", "context"]


def test_a_card_says_where_it_was_asked_for() -> None:
    block = draw(answer({"type": "small_talk", "text": "Hello."}, "Yes"), place="C1")["blocks"][-1]

    assert place_of({"block_id": block["block_id"]}) == "C1"
    assert place_of({"block_id": "another"}) == ""


def test_a_clause_in_training_is_to_the_letter_and_no_option_stands_twice() -> None:
    clause = {"number": "2.3.4", "heading": "Requests", "quote": "Never accept *any* of _these_."}
    text = 'Right. Well done.\n\n2.3.4 Requests\n"Never accept *any* of _these_."\n\nAnd now?\n\n1. Yes\n2. No'
    reply = {"type": "training", "text": text, "clauses": [clause], "training": {}}
    blocks = draw(answer(reply, "Yes", "No"))["blocks"]

    assert [each["type"] for each in blocks] == ["header", "section", "rich_text", "divider", "section", "actions"]
    assert words(blocks[4]) == "And now?"
    assert clause["quote"] in words(blocks[2])


def test_a_clause_that_the_text_does_not_quote_is_drawn_all_the_same() -> None:
    clause = {"number": "2.3.4", "heading": "Requests", "quote": "Never accept."}
    reply = {"type": "training", "text": "Right.", "clauses": [clause], "training": {}}

    assert "Never accept." in words(draw(answer(reply))["blocks"])
