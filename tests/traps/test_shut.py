"""Holes of Rasa's that stand open in tests/traps/test_stock.py and are shut here, where no other test shows it."""

import time

import httpx
import pytest

from bot.settings import Settings
from tests.bot.slack_server import NUMBERS, event, send, settings_of, slack_server
from tests.bot.web_client import WebClient
from tests.conftest import free_port, gateway_alone

pytestmark = pytest.mark.server
CHANNELS = [
    ("GET", "/socket.io/?EIO=4&transport=polling"),
    ("GET", "/webhooks/socketio/"),
    ("POST", "/webhooks/slack/webhook"),
    ("POST", "/webhooks/botframework/webhook"),
    ("POST", "/webhooks/callback/webhook"),
    ("POST", "/conversations/x/trigger_intent"),
    ("DELETE", "/model"),
]
RASAS = ("/webhooks/rest/webhook", "/webhooks/line/say", "/webhooks/line/forget", "/model/parse", "/model/train")
OUTSIDE = [*CHANNELS, *(("POST", each) for each in RASAS), ("PUT", "/model"), ("GET", "/conversations/x/tracker")]
PARENT = "a parent added me on facebook last night, what should i do"


@pytest.mark.parametrize(("method", "path"), CHANNELS)
def test_our_rasa_has_no_other_channel(method: str, path: str, server: Settings) -> None:
    home = server.rasa_url.removesuffix("/webhooks/rest/")

    assert httpx.request(method, home + path, timeout=30).status_code == 404


@pytest.mark.parametrize(("method", "path"), OUTSIDE)
def test_the_gateway_passes_nothing_on_to_rasa(method: str, path: str, server: Settings) -> None:
    assert httpx.request(method, server.gateway_url + path, timeout=30).status_code == 404


def test_a_typed_session_start_resets_nothing(server: Settings) -> None:
    web = WebClient(server)
    web.say(PARENT)
    web.say("/session_start")

    assert web.say("show me the clause")["reply"]["clauses"][0]["number"] == "2.6.2"


@pytest.mark.parametrize("typed", ["/restart", "//restart", " / restart"])
def test_a_typed_restart_is_a_word_like_any_other(typed: str, server: Settings) -> None:
    assert WebClient(server).say(typed)["reply"] == WebClient(server).say("restart")["reply"]


def test_nobody_says_over_rest_who_they_are(server: Settings) -> None:
    who = {"input_channel": "slack", "metadata": {"person": "slack:T1:UVICTIM", "name": "A Victim"}}
    said = [
        httpx.post(server.webhook, json={"sender": "impostor", "message": text, **who}, timeout=60).json()
        for text in ("start training", "1")
    ]

    assert "name" in said[-1][0]["text"].lower()
    assert "Victim" not in str(said)


def test_an_answer_on_slack_is_one_message_however_it_is_sent_again(server: Settings, tmp_path) -> None:
    with slack_server(free_port()) as slack, gateway_alone(settings_of(server, slack, tmp_path)) as settings:
        asked = event(next(NUMBERS), text=PARENT)
        for reason in ("", "http_timeout", "http_error", "connection_failed"):
            send(settings.gateway_url, {**asked, "retry": reason})
        posted = slack.wait(1)
        time.sleep(1)

        assert slack.posted == posted
        assert "\n\n" in str(posted[0]["text"]) or len(posted[0]["blocks"]) > 1
