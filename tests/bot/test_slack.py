"""Slack: what is signed is heard, everything is answered once, and nobody else in a room sees it."""

import itertools
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.settings import Settings
from tests.bot.slack_server import DM, ROOM, SECRET, TEAM, TOKEN, USER, SlackServer, event, send, slack_server
from tests.bot.test_slack_card import words
from tests.conftest import free_port, free_settings, gateway_alone

pytestmark = pytest.mark.server
PARENT = "a parent added me on facebook last night, what should i do"
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def slack_and_url(server: Settings, tmp_path_factory):
    """A Slack, and a gateway of its own that it talks to, in front of the real servers."""
    with slack_server(free_port()) as slack:
        settings = settings_of(server, slack, tmp_path_factory.mktemp("slack"))
        with gateway_alone(settings):
            yield slack, settings.gateway_url


def settings_of(server: Settings, slack: SlackServer, folder) -> Settings:
    """Return settings for a gateway with Slack, in front of these servers and with their secret."""
    (folder / "secret").write_bytes((server.state / "secret").read_bytes())
    own = {"slack_signing_secret": SECRET, "slack_bot_token": TOKEN, "slack_api": slack.api}
    fresh = free_settings(folder, each_conversation="10000 per second", **own)
    return fresh.model_copy(update={"rasa_port": server.rasa_port, "actions_port": server.actions_port})


@pytest.fixture
def slack(slack_and_url) -> SlackServer:
    """The Slack, with nothing posted yet."""
    slack_and_url[0].posted.clear()
    return slack_and_url[0]


@pytest.fixture
def url(slack_and_url) -> str:
    """The gateway's address."""
    return slack_and_url[1]


def interaction(body: dict) -> dict:
    """Return an interaction as Slack sends it."""
    return {"payload": json.dumps({"team": {"id": TEAM}, "user": {"id": USER}, "api_app_id": "A1", **body})}


def click(url: str, button: str, place: str = DM):
    """Click a button."""
    action = {"type": "button", "action_id": f"choose-{button}", "value": button, "block_id": "b"}
    trigger = f"trigger-{next(NUMBERS)}"
    body = {"type": "block_actions", "channel": {"id": place}, "actions": [action], "trigger_id": trigger}
    return send(url, interaction(body), form=True)


def test_a_direct_message_is_answered_with_its_clause(slack: SlackServer, url: str) -> None:
    assert send(url, event(next(NUMBERS), text=PARENT)).status_code == 200
    posted = slack.wait(1)[0]

    assert (posted["method"], posted["channel"]) == ("chat.postMessage", DM)
    assert "Tell your manager openly" in words(posted["blocks"])
    assert "2.6.2" in words(posted["blocks"])


def test_a_mention_in_a_room_is_answered_to_the_person_alone(slack: SlackServer, url: str) -> None:
    send(url, event(next(NUMBERS), type="app_mention", channel=ROOM, channel_type="channel", text=f"<@UBOT> {PARENT}"))
    posted = slack.wait(1)[0]

    assert (posted["method"], posted["channel"], posted["user"]) == ("chat.postEphemeral", ROOM, USER)
    assert "Only you can see this." in words(posted["blocks"])


def test_a_slash_command_is_answered_to_the_person_alone(slack: SlackServer, url: str) -> None:
    said = {"command": "/whatnow", "team_id": TEAM, "user_id": USER, "channel_id": ROOM, "text": PARENT}
    assert send(url, {**said, "trigger_id": f"t{next(NUMBERS)}"}, form=True).status_code == 200

    assert slack.wait(1)[0]["method"] == "chat.postEphemeral"


def test_a_message_can_be_asked_about(slack: SlackServer, url: str) -> None:
    asked = {"type": "message_action", "callback_id": "what_now", "channel": {"id": ROOM}, "message": {"text": PARENT}}
    send(url, interaction({**asked, "trigger_id": f"t{next(NUMBERS)}"}), form=True)

    assert "2.6.2" in words(slack.wait(1)[0]["blocks"])


def test_a_button_answers_the_question(slack: SlackServer, url: str) -> None:
    send(url, event(next(NUMBERS), text="someone sent me a friend request"))
    buttons = slack.wait(1)[0]["blocks"][-1]["elements"]
    click(url, next(each["value"] for each in buttons if each["text"]["text"] == "A pupil"))

    assert "Never accept a friend request from a pupil" in words(slack.wait(2)[1]["blocks"])


def test_a_click_never_offered_is_refused_in_words(slack: SlackServer, url: str) -> None:
    click(url, "never-offered")

    assert "no longer open" in slack.wait(1)[0]["text"]


def test_a_private_chat_does_not_leak_into_a_room(slack: SlackServer, url: str) -> None:
    send(url, event(next(NUMBERS), text=PARENT))
    slack.wait(1)
    asked = {"type": "app_mention", "channel": "C-other", "channel_type": "channel", "text": "<@UBOT> why?"}
    send(url, event(next(NUMBERS), **asked))

    assert "facebook" not in json.dumps(slack.wait(2)[1]).lower()
    assert "2.6.2" not in json.dumps(slack.wait(2)[1])


@pytest.mark.parametrize(
    ("how", "status"), [({"secret": "forged"}, 401), ({"at": 0}, 401), ({"at": time.time() - 400}, 401)], ids=str
)
def test_what_is_forged_or_replayed_is_refused(how, status: int, slack: SlackServer, url: str) -> None:
    assert send(url, event(next(NUMBERS), text=PARENT), **how).status_code == status
    time.sleep(0.3)

    assert slack.posted == []


@pytest.mark.parametrize(
    "inside",
    [
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message", "bot_id": "B2"},
        {"bot_id": "B2"},
        {"user": "UBOT"},
        {"channel_type": "channel", "channel": ROOM},
    ],
    ids=str,
)
def test_edits_bots_and_what_is_said_to_others_are_not_read(inside, slack: SlackServer, url: str) -> None:
    assert send(url, event(next(NUMBERS), text=PARENT, **inside)).status_code == 200
    time.sleep(0.3)

    assert slack.posted == []


def test_a_file_is_refused_with_the_reason_and_not_fetched(slack: SlackServer, url: str) -> None:
    file = {"id": "F1", "url_private": f"{slack.api}files/picture.png"}
    slack.asked.clear()
    send(url, event(next(NUMBERS), subtype="file_share", text="look at this", files=[file]))

    assert "have not opened yours" in slack.wait(1)[0]["text"]
    assert [each for each in slack.asked if "files" in each] == []


def test_of_a_thousand_events_with_a_third_retried_each_is_answered_once(slack: SlackServer, url: str) -> None:
    first = next(NUMBERS) * 10_000
    sent = [event(first + n, text="hello", user=f"U{n % 50 + 100}") for n in range(1000)]
    again = [each for n, each in enumerate(sent) if n % 10 < 3]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda each: send(url, each).status_code, [*sent, *again]))
    slack.wait(1000, 180)
    time.sleep(1)

    assert set(answers) == {200}
    assert len(slack.posted) == 1000


def test_slack_asking_for_patience_gets_it_and_loses_nothing(slack: SlackServer, url: str) -> None:
    slack.refuse = 2
    send(url, event(next(NUMBERS), text=PARENT))

    assert len(slack.wait(1)) == 1


def test_signs_are_as_they_were_typed(slack: SlackServer, url: str) -> None:
    from bot.gateway.slack import as_typed

    assert as_typed("<@UBOT> me &amp; <https://a.uk|the page> &lt;3") == "me & the page <3"


def test_40_000_characters_are_refused_in_words(slack: SlackServer, url: str) -> None:
    send(url, event(next(NUMBERS), text="a " * 20_000))

    assert "at most 4000 characters" in slack.wait(1)[0]["text"]


def test_the_thanks_come_at_once_and_the_safe_words_where_rasa_is_down(tmp_path) -> None:
    with slack_server(free_port()) as slack:
        own = {"slack_signing_secret": SECRET, "slack_bot_token": TOKEN, "slack_api": slack.api}
        with gateway_alone(free_settings(tmp_path, **own)) as settings:
            began = time.monotonic()
            send(settings.gateway_url, event(1, text="a pupil sent me a nude"))
            thanked = time.monotonic() - began
            posted = slack.wait(1)

    assert thanked < 3
    assert "call 999" in posted[0]["text"]


def test_what_was_not_answered_before_a_stop_is_answered_after_it(server: Settings, tmp_path) -> None:
    from bot.gateway.inbox import Inbox
    from bot.gateway.store import connect

    with slack_server(free_port()) as slack:
        settings = settings_of(server, slack, tmp_path)
        job = {"team": TEAM, "user": USER, "place": DM, "room": False, "text": PARENT, "files": False}
        Inbox(connect(settings.database), "slack").put("Ev-left", job)
        with gateway_alone(settings):
            assert "2.6.2" in words(slack.wait(1)[0]["blocks"])

        assert Inbox(connect(settings.database), "slack").waiting() == []
