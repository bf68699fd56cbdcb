"""The actions and the domain meet only by names; what they send stays in one piece."""

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.action_answer import ActionAnswer
from tests.conftest import PROJECT


def domain():
    return yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf8"))


def tracker(text: str, **slots) -> Tracker:
    return Tracker(
        "test", slots, {"text": text}, [], paused=False, followup_action=None, active_loop={}, latest_action_name=None
    )


def test_the_domain_names_exactly_the_actions_that_there_are() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")

    assert sorted(executor.actions) == sorted(domain()["actions"])


def test_every_move_in_the_data_has_a_rule_and_an_intent() -> None:
    files = sorted(file.stem for file in (PROJECT / "data/nlu/moves").glob("*.yml"))
    read = [yaml.safe_load(file.read_text(encoding="utf8")) for file in (PROJECT / "data/rules").glob("*.yml")]
    named = [rule["steps"][0]["intent"] for each in read for rule in each["rules"]]

    assert files == sorted(intent for intent in named if intent.startswith("move_"))
    assert set(files) <= set(domain()["intents"])


def test_text_object_and_buttons_are_one_message() -> None:
    dispatcher = CollectingDispatcher()
    ActionAnswer().run(dispatcher, tracker("Someone's asked to follow me on Insta, do I say yes?"), {})

    assert len(dispatcher.messages) == 1
    assert dispatcher.messages[0]["text"] == dispatcher.messages[0]["custom"]["text"]
    assert [button["payload"][0] for button in dispatcher.messages[0]["buttons"]] != ["/"] * 4


def test_the_situation_and_the_reply_are_remembered() -> None:
    said = "One of my Year 9 pupils has sent me a friend request on Instagram"
    events = ActionAnswer().run(CollectingDispatcher(), tracker(said), {})
    kept = {event["name"]: event["value"] for event in events}

    assert kept["situation"] == said
    assert kept["reply"]["clauses"][0]["number"] == "2.3.5"


def test_a_typed_answer_to_a_question_is_read_in_its_light() -> None:
    asked = CollectingDispatcher()
    first = ActionAnswer().run(asked, tracker("Someone's asked to follow me on Insta, do I say yes?"), {})
    slots = {event["name"]: event["value"] for event in first}
    answered = CollectingDispatcher()
    ActionAnswer().run(answered, tracker("it's one of the mums", **slots), {})

    assert answered.messages[0]["custom"]["clauses"][0]["number"] == "2.6.2"
