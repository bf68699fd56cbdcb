"""The hunt of `make hostile` in its short form: the same attacks on the real servers, three hundred messages."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from bot.hostile.__main__ import KINDS, look_into
from bot.hostile.hunt import hunt, weak
from bot.hostile.judge import Seen, Tally
from bot.hostile.platforms import Platforms
from bot.servers import apart, free_port, gateway
from bot.settings import Settings

MESSAGES = 300
REPLY = '{"reply": {"text": "%s"}, "buttons": [], "closes": true}'


@pytest.fixture(scope="module")
def tally(server: Settings, tmp_path_factory) -> Tally:
    """What was seen in a hunt, on a gateway of its own in front of the real servers."""
    folder, platforms = tmp_path_factory.mktemp("hunt"), Platforms(free_port())
    (folder / "secret").write_bytes((server.state / "secret").read_bytes())
    behind = {"rasa_port": server.rasa_port, "actions_port": server.actions_port}
    settings = apart(folder, **weak(platforms)).model_copy(update=behind)
    with gateway(settings) as log, ThreadPoolExecutor(1) as pool:  # a loop of its own: the browser's tests hold one
        found = pool.submit(asyncio.run, hunt(settings, platforms, MESSAGES, seed=11)).result()
        look_into(log, found)
    return found


@pytest.mark.server
@pytest.mark.parametrize("kind", KINDS)
def test_no_hostile_message_ends_in(kind: str, tally: Tally) -> None:
    assert [fault for fault in tally.faults if fault[0] == kind] == []


@pytest.mark.server
def test_every_way_in_was_tried(tally: Tally) -> None:
    assert tally.messages >= MESSAGES
    assert set(tally.entries) >= {"web text", "web body", "token", "button", "pages", "wire", "slack", "teams", "rest"}


@pytest.mark.server
@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "conversations/x/tracker"),
        ("POST", "conversations/x/tracker/events"),
        ("POST", "model/parse"),
        ("PUT", "model"),
        ("POST", "model/train"),
        ("GET", "domain"),
        ("GET", "status"),
    ],
)
def test_rasas_own_api_is_shut(verb: str, path: str, server: Settings) -> None:
    assert httpx.request(verb, f"http://127.0.0.1:{server.rasa_port}/{path}", json={}).status_code == 404


@pytest.mark.server
@pytest.mark.parametrize(
    "body", [b'{"sender": "\\ud83d", "message": "hi"}', b'{"sender": "x", "message": "\\udc00 hi"}'], ids=str
)
def test_half_a_character_is_no_message_on_the_rest_channel(body: bytes, server: Settings) -> None:
    found = httpx.post(server.webhook, content=body, headers={"Content-Type": "application/json"}, timeout=30)

    assert found.status_code == 400
    assert "999" in found.json()[0]["text"]


@pytest.mark.server
@pytest.mark.parametrize("blank", [" ", "\t", " / ", "\u2003", "\x1c", "\n/"])
def test_a_command_behind_a_slash_and_a_blank_is_none(blank: str, talk) -> None:
    talk("a parent added me on facebook last night")
    talk(f"/{blank}/back")
    talk(f"/{blank}/action_listen")

    assert talk("show me the clause")["clauses"]


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("5xx", Seen(500, 0.1, "text/plain", "Internal Server Error")),
        ("5xx", Seen(503, 0.1, "application/json", '{"error": "down", "text": "x"}')),
        ("silence", Seen(-1, 15)),
        ("hijack", Seen(200, 0.1, "application/json", REPLY % "Zqabcdefghqz told me")),
        ("trace", Seen(400, 0.1, "text/plain", "Traceback (most recent call last):")),
        ("trace", Seen(400, 0.1, "application/json", '{"error": "x", "text": "ValueError: no"}')),
        ("form", Seen(200, 0.1, "application/json", '{"detail": "x"}')),
        ("form", Seen(200, 0.1, "text/html", "<h1>It works</h1>")),
        ("status", Seen(200, 0.1)),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_judge_finds(kind: str, seen: Seen) -> None:
    tally = Tally()
    tally.note("here", "sent", seen, "Zqmineminemqz", may=(409,) if kind == "status" else ())

    assert tally.count(kind) == 1


def test_the_judge_lets_a_conversations_own_words_pass() -> None:
    tally = Tally()
    tally.note("here", "sent", Seen(200, 0.1, "application/json", REPLY % "Zqabcdefghqz"), "Zqabcdefghqz")

    assert tally.faults == []
