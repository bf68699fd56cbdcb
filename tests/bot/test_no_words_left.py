"""No word that a person typed is left in a file or in what the processes say, whether a turn goes well or not."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.gateway.line import HEADER
from bot.parts import rasa_part
from bot.process import LOG, start, stop, wait_for
from bot.secret import line_word, load_secret
from bot.settings import Settings
from tests.bot.web_client import WebClient
from tests.conftest import free_port, gateway_alone, output_of

pytestmark = pytest.mark.server
CANARIES = (b"zanzoppel", b"quibblewick")
PARENT = "a parent called Quibblewick added me on zanzoppel"
UNREADABLE = (
    '{"key": "key-00001", "text": "zanzoppel',
    '["zanzoppel"]',
    '{"text": "zanzoppel \\ud800", "key": "12345678"}',
)


def traces(*places: Path) -> list[str]:
    """Return the files, in these places and below, in which a word is left."""
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*")) if file.is_file()]
    return [str(file) for file in files if any(each in file.read_bytes().lower() for each in CANARIES)]


def places(settings: Settings) -> tuple[Path, ...]:
    """Return wherever the servers of these settings write."""
    return settings.state, output_of(settings), *LOG.parent.glob("*.log"), *LOG.parent.glob("*/*.log")


def malformed(settings: Settings) -> None:
    """Send what is no message, to every door, with the word in it."""
    web = WebClient(settings)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {web.token}"}
    for body in UNREADABLE:
        web.http.post("/api/say", content=body, headers=headers)
        httpx.post(settings.webhook, content=body, headers=headers)
    web.post("/api/say", {"key": "key-00001", "text": PARENT, "zanzoppel": PARENT})
    web.http.get(f"/{PARENT}")


@pytest.fixture(scope="module")
def alone(server: Settings, tmp_path_factory) -> Iterator[Settings]:
    """A Rasa and a gateway without an action server."""
    folder = tmp_path_factory.mktemp("alone")
    settings = Settings(state=folder, rasa_port=free_port(), actions_port=free_port(), port=free_port())
    part = rasa_part(settings, settings.rasa_port)
    rasa = start(part.command, folder / "rasa.log", **part.environment)
    try:
        wait_for(settings.rasa_url, rasa)
        with gateway_alone(settings):
            yield settings
    finally:
        stop([rasa])


def test_the_search_finds_a_word_that_is_left(tmp_path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "a.db").write_bytes(b"\0\1 Zanzoppel \2")

    assert traces(tmp_path) == [str(tmp_path / "deeper" / "a.db")]


def test_a_turn_that_goes_well_leaves_none(server: Settings) -> None:
    answered = WebClient(server).send(text=PARENT)
    said = httpx.post(server.webhook, json={"sender": "left", "message": PARENT}, timeout=60)

    assert (answered.status_code, said.status_code) == (200, 200)
    assert traces(*places(server)) == []


def test_what_is_no_message_leaves_none(server: Settings) -> None:
    malformed(server)

    assert traces(*places(server)) == []


def test_a_call_that_fails_in_the_action_server_leaves_none(server: Settings) -> None:
    url = f"{server.actions_home}webhook"
    calls = [{"next_action": "action_answer", "tracker": {"slots": PARENT}}, {"next_action": PARENT, "tracker": {}}]
    word = {HEADER: line_word(load_secret(server.state))}
    failed = [
        httpx.post(url, json={**call, "domain": {}, "version": "3.6.21"}, headers=word).status_code for call in calls
    ]

    assert failed == [500, 404]
    assert traces(*places(server)) == []


def test_a_turn_that_fails_for_want_of_the_action_server_leaves_none(alone: Settings) -> None:
    refused = WebClient(alone).send(text=PARENT)
    said = httpx.post(alone.webhook, json={"sender": "left", "message": PARENT}, timeout=60).json()

    assert (refused.status_code, refused.json()["error"]) == (503, "down")
    assert "999" in said[0]["text"]
    assert (
        "RemoteAction" in (alone.state / "rasa.log").read_text() or "action" in (alone.state / "rasa.log").read_text()
    )
    assert traces(*places(alone)) == []
