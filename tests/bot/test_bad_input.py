"""What a stranger can post to the REST channel."""

import httpx
import pytest

from bot.settings import Settings

pytestmark = pytest.mark.server


@pytest.mark.parametrize("command", ["/back", "//move_thanks", "/action_listen", "/nlu_fallback"])
def test_a_typed_command_does_not_reset_the_conversation(command: str, talk) -> None:
    talk("a parent added me on facebook last night")
    talk(command)

    assert talk("show me the clause")["clauses"]


def test_a_typed_intent_sets_no_slot(talk) -> None:
    talk('/situation{"situation":"A pupil asked me out","reply":"x"}')
    talk('/move_greet{"facts":{"who":"pupil"}}')

    assert talk("someone has asked to follow me on insta")["type"] == "question"


@pytest.mark.parametrize(
    "text",
    ["", " ", "/", "😭😭", "Ученик прислал мне сообщение", "\x00\x1b[31m", "<script>alert(1)</script>", "x" * 50_000],
    ids=["empty", "blank", "slash", "emoji", "Russian", "control", "html", "50,000 characters"],
)
def test_every_text_gets_a_clear_reply(text: str, talk) -> None:
    assert talk(text)["text"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"not json",
        b'{"sender": "x"}',
        b'{"message": "hi"}',
        b'{"sender": "", "message": "hi"}',
        b'{"sender": 7, "message": "hi"}',
        b'{"sender": "x", "message": ["hi"]}',
        b'{"sender": "x", "message": null}',
    ],
)
def test_what_is_no_message_is_refused_in_words(body: bytes, server: Settings) -> None:
    answered = httpx.post(server.webhook, content=body, headers={"Content-Type": "application/json"}, timeout=30)

    assert answered.status_code == 400
    assert "999" in answered.json()[0]["text"]


def test_a_body_of_five_megabytes_is_refused(server: Settings) -> None:
    answered = httpx.post(server.webhook, json={"sender": "x", "message": "a" * 5_000_000}, timeout=30)

    assert answered.status_code in (400, 413)


def test_two_senders_never_share_a_conversation(server: Settings, talk) -> None:
    talk("a parent added me on facebook last night")
    other = httpx.post(server.webhook, json={"sender": "somebody-else", "message": "why?"}, timeout=30).json()

    assert other[0]["custom"]["type"] == "small_talk"


def test_both_servers_listen_on_this_machine_only(server: Settings) -> None:
    import psutil

    listening = [
        connection.laddr.ip
        for connection in psutil.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port in (server.rasa_port, server.actions_port)
    ]

    assert set(listening) == {"127.0.0.1"}
    assert len(listening) >= 2
