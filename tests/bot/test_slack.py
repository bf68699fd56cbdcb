"""Slack: what is signed is heard, everything is answered once, and nobody else in a room sees it."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bot.slack_server import DM, NUMBERS, ROOM, TEAM, USER, SlackServer, event, interaction, press, send
from tests.bot.test_slack_card import words

pytestmark = pytest.mark.server
PARENT = "a parent added me on facebook last night, what should i do"
REQUEST = "someone sent me a friend request"
MENTION = {"type": "app_mention", "channel": ROOM, "channel_type": "channel"}


def marked(slack: SlackServer, url: str) -> list[dict]:
    """Say hello after what must not be answered; return all that was posted by then."""
    send(url, event(next(NUMBERS), text="hello"))
    return slack.wait(1)


def test_a_direct_message_is_answered_with_its_clause(slack: SlackServer, url: str) -> None:
    assert send(url, event(next(NUMBERS), text=PARENT)).status_code == 200
    posted = slack.wait(1)[0]

    assert (posted["method"], posted["channel"]) == ("chat.postMessage", DM)
    assert "Tell your manager openly" in words(posted["blocks"])
    assert "2.6.2" in words(posted["blocks"])


def test_a_mention_in_a_room_is_answered_to_the_person_alone(slack: SlackServer, url: str) -> None:
    send(url, event(next(NUMBERS), **MENTION, text=f"<@UBOT> {PARENT}"))
    posted = slack.wait(1)[0]

    assert (posted["method"], posted["channel"], posted["user"]) == ("chat.postEphemeral", ROOM, USER)
    assert "Only you can see this." in words(posted["blocks"])


def test_a_mention_in_a_thread_is_answered_in_it(slack: SlackServer, url: str) -> None:
    send(url, event(next(NUMBERS), **MENTION, thread_ts="17.5", text=f"<@UBOT> {PARENT}"))

    assert slack.wait(1)[0]["thread_ts"] == "17.5"


def test_a_slash_command_is_answered_to_the_person_alone(slack: SlackServer, url: str) -> None:
    said = {"command": "/whatnow", "team_id": TEAM, "user_id": USER, "channel_id": ROOM, "text": PARENT}
    assert send(url, {**said, "trigger_id": f"t{next(NUMBERS)}"}, form=True).status_code == 200

    assert slack.wait(1)[0]["method"] == "chat.postEphemeral"


def test_a_bare_slash_command_says_how_to_ask(slack: SlackServer, url: str) -> None:
    said = {"command": "/whatnow", "team_id": TEAM, "user_id": USER, "channel_id": ROOM, "text": ""}
    send(url, {**said, "trigger_id": f"t{next(NUMBERS)}"}, form=True)

    assert "what has happened" in slack.wait(1)[0]["text"]


def test_a_message_can_be_asked_about(slack: SlackServer, url: str) -> None:
    asked = {"type": "message_action", "callback_id": "what_now", "channel": {"id": ROOM}, "message": {"text": PARENT}}
    send(url, interaction({**asked, "trigger_id": f"t{next(NUMBERS)}"}), form=True)

    assert "2.6.2" in words(slack.wait(1)[0]["blocks"])


def test_a_button_answers_the_question(slack: SlackServer, url: str) -> None:
    send(url, event(next(NUMBERS), text=REQUEST))
    press(url, slack.wait(1)[0], "A pupil")

    assert "Never accept a friend request from a pupil" in words(slack.wait(2)[1]["blocks"])


def test_a_button_seen_by_one_person_alone_works_too(slack: SlackServer, url: str) -> None:
    send(url, event(next(NUMBERS), **MENTION, text=f"<@UBOT> {REQUEST}"))
    press(url, slack.wait(1)[0], "A pupil")
    posted = slack.wait(2)[1]

    assert posted["method"] == "chat.postEphemeral"
    assert "Never accept a friend request from a pupil" in words(posted["blocks"])


def test_where_we_are_not_a_member_the_answer_comes_in_our_own_chat_and_its_buttons_work(slack, url: str) -> None:
    slack.not_in.add(ROOM)
    send(url, event(next(NUMBERS), **MENTION, text=f"<@UBOT> {REQUEST}"))
    asked = slack.wait(1)[0]
    press(url, asked, "A pupil")

    assert (asked["method"], asked["channel"]) == ("chat.postMessage", DM)
    assert "so I answer here" in words(asked["blocks"])
    assert "Never accept a friend request from a pupil" in words(slack.wait(2)[1]["blocks"])


def test_a_command_in_somebody_elses_chat_is_answered_in_our_own(slack: SlackServer, url: str) -> None:
    slack.not_in.add("D-theirs")
    said = {"command": "/whatnow", "team_id": TEAM, "user_id": USER, "channel_id": "D-theirs", "text": PARENT}
    send(url, {**said, "trigger_id": f"t{next(NUMBERS)}"}, form=True)

    assert slack.wait(1)[0]["channel"] == DM


def test_a_click_never_offered_is_refused_in_words(slack: SlackServer, url: str) -> None:
    action = {"type": "button", "action_id": "choose-x", "value": "never-offered", "block_id": "b"}
    body = {"type": "block_actions", "channel": {"id": DM}, "actions": [action], "trigger_id": f"t{next(NUMBERS)}"}
    send(url, interaction(body), form=True)

    assert "no longer open" in slack.wait(1)[0]["text"]


def test_a_click_on_an_old_card_is_refused_in_words(slack: SlackServer, url: str) -> None:
    send(url, event(next(NUMBERS), text=REQUEST))
    old = slack.wait(1)[0]
    send(url, event(next(NUMBERS), text=PARENT))
    slack.wait(2)
    press(url, old, "A pupil")

    assert "no longer open" in slack.wait(3)[2]["text"]


def test_two_messages_at_once_are_answered_in_their_order(slack: SlackServer, url: str) -> None:
    slack.slow.add(user := f"U{next(NUMBERS)}")
    for said in (REQUEST, "it was a pupil"):
        send(url, event(next(NUMBERS), text=said, user=user))

    assert "Never accept a friend request from a pupil" in words(slack.wait(2)[1]["blocks"])


def test_events_that_come_in_another_order_are_all_answered(slack: SlackServer, url: str) -> None:
    first, second = next(NUMBERS), next(NUMBERS)
    send(url, event(second, text=PARENT))
    send(url, event(first, text="hello"))
    posted = slack.wait(2)

    assert [("2.6.2" in words(each["blocks"])) for each in posted] == [True, False]


def test_a_private_chat_does_not_leak_into_a_room(slack: SlackServer, url: str) -> None:
    send(url, event(next(NUMBERS), text=PARENT))
    slack.wait(1)
    send(url, event(next(NUMBERS), **{**MENTION, "channel": "C-other"}, text="<@UBOT> why?"))

    assert "facebook" not in json.dumps(slack.wait(2)[1]).lower()
    assert "2.6.2" not in json.dumps(slack.wait(2)[1])


@pytest.mark.parametrize(
    "inside",
    [
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message", "bot_id": "B2"},
        {"bot_id": "B2"},
        {"user": "UBOT"},
        {"user": None},
        {"channel_type": "channel", "channel": ROOM},
    ],
    ids=str,
)
def test_edits_bots_and_what_is_said_to_others_are_not_read(inside, slack: SlackServer, url: str) -> None:
    assert send(url, event(next(NUMBERS), text=PARENT, **inside)).status_code == 200

    assert [each for each in marked(slack, url) if "2.6.2" in words(each["blocks"])] == []


def test_a_file_is_refused_with_the_reason_and_not_fetched(slack: SlackServer, url: str) -> None:
    file = {"id": "F1", "url_private": f"{slack.api}files/picture.png"}
    slack.asked.clear()
    send(url, event(next(NUMBERS), subtype="file_share", text="look at this", files=[file]))

    assert "have not opened yours" in slack.wait(1)[0]["text"]
    assert [each for each in slack.asked if "files" in each] == []


def test_of_a_thousand_events_with_a_third_retried_each_is_answered_once(slack: SlackServer, url: str) -> None:
    sent = [event(next(NUMBERS), text="hello", user=f"U{n % 50 + 100}") for n in range(1000)]
    again = [each for n, each in enumerate(sent) if n % 10 < 3]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda each: send(url, each).status_code, [*sent, *again]))
    slack.wait(1000, 180)
    time.sleep(1)

    assert set(answers) == {200}
    assert len(slack.posted) == 1000


def test_40_000_characters_are_refused_in_words(slack: SlackServer, url: str) -> None:
    send(url, event(next(NUMBERS), text="a " * 20_000))

    assert "at most 4000 characters" in slack.wait(1)[0]["text"]


def test_an_answer_that_is_too_rich_for_slack_comes_as_words(slack: SlackServer, url: str) -> None:
    slack.rich = False
    send(url, event(next(NUMBERS), text=PARENT))
    posted = slack.wait(1)[0]

    assert posted["blocks"] == []
    assert "2.6.2" in posted["text"]
