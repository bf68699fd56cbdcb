"""Whatever a reply holds, its card is whole and valid on both platforms, and none of it is taken for markup."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.gateway import slack_card, teams_card

HUNT = settings(deadline=None, max_examples=100, derandomize=True)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120).filter(str.strip)
LONG = WORDS.map(lambda words: words * 60)
CLAUSE = st.sampled_from(["2.3.5", "2.7.4", "A.harassment"])
STEPS = st.lists(
    st.fixed_dictionaries({"code": WORDS, "text": WORDS | LONG, "clause": st.none() | CLAUSE}), max_size=12
)
OPTIONS = st.lists(st.fixed_dictionaries({"title": WORDS, "value": WORDS}), min_size=1, max_size=7)
ASKED = st.fixed_dictionaries({"fact": WORDS, "text": WORDS, "options": OPTIONS})
CLAUSES = st.fixed_dictionaries({"number": CLAUSE, "heading": WORDS, "quote": WORDS | LONG})
CONTACTS = st.fixed_dictionaries({"role": WORDS, "title": WORDS}, optional={"name": WORDS, "phone": WORDS})
POLICY = st.fixed_dictionaries({"title": WORDS, "version": WORDS, "review_due": WORDS, "overdue": st.booleans()})
PARTS = {
    "lead": WORDS,
    "do": STEPS,
    "dont": STEPS,
    "meanwhile": STEPS,
    "note": WORDS,
    "clauses": st.lists(CLAUSES, max_size=9),
    "contacts": st.lists(CONTACTS, max_size=5),
    "question": ASKED,
    "policy": POLICY,
    "urgency": st.sampled_from(["immediate", "today", "routine"]),
    "real": st.just(value=True),
}
TYPES = st.sampled_from(["advice", "question", "emergency", "policy_text", "out_of_scope", "small_talk", "training"])
REPLIES = st.fixed_dictionaries({"type": TYPES, "text": WORDS | LONG}, optional=PARTS)
BUTTONS = st.lists(
    st.fixed_dictionaries({"id": st.text("abc123-_", min_size=16, max_size=16), "title": WORDS}),
    max_size=7,
    unique_by=lambda each: each["id"],
)
ANSWERS = st.fixed_dictionaries({"reply": REPLIES, "buttons": BUTTONS})


def texts(part: Any, key: str) -> list[str]:
    """Return every text under a key, at any depth."""
    if isinstance(part, list):
        return [text for each in part for text in texts(each, key)]
    if not isinstance(part, dict):
        return []
    here = [part[key]] if isinstance(part.get(key), str) else []
    return here + [text for each in part.values() for text in texts(each, key)]


@HUNT
@given(ANSWERS)
def test_every_answer_is_a_message_that_slack_takes(answer: dict[str, Any]) -> None:
    drawn = slack_card.draw(answer, "only you see this", place="D1")
    for block in Block.parse_all(drawn["blocks"]):
        block.validate_json()

    assert 0 < len(drawn["blocks"]) <= 50
    assert drawn["text"]


@HUNT
@given(ANSWERS)
def test_nothing_that_is_said_is_markup_on_slack(answer: dict[str, Any]) -> None:
    marked = [part for part in slack_card.draw(answer)["blocks"] if part["type"] in ("section", "context")]

    assert [text for text in texts(marked, "text") if "<" in text or ">" in text] == []


@HUNT
@given(ANSWERS)
def test_every_answer_is_a_card_for_teams_with_all_its_buttons(answer: dict[str, Any]) -> None:
    drawn = teams_card.draw(answer)

    json.dumps(drawn, ensure_ascii=False).encode()
    assert texts(drawn["card"], "button") == [each["id"] for each in answer["buttons"]]


@HUNT
@given(ANSWERS)
def test_what_is_said_stands_in_runs_on_teams(answer: dict[str, Any]) -> None:
    own = {
        *teams_card.words()["titles"].values(),
        *(word for word in teams_card.words().values() if isinstance(word, str)),
    }
    card = teams_card.draw(answer)["card"]
    blocks = [block for block in card["body"] if block["type"] == "TextBlock"]

    assert [block["text"] for block in blocks if block["text"] not in own] == []
