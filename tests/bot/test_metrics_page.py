"""Who may see what is counted: this machine itself, and who knows the word; behind a proxy nobody is this machine."""

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.gateway.app import build_app
from bot.settings import Settings

WORD = "a-word-for-prometheus"
HERE = ("127.0.0.1", 5000)


def asked(folder: Path, headers: dict[str, str], client: tuple[str, int] = HERE, word: str = WORD) -> int:
    """Return the status that a caller gets who asks a gateway for its metrics."""
    app = build_app(Settings(state=folder, metrics_word=word))

    async def ask() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app, client=client), base_url="http://x") as http:
            return (await http.get("/metrics", headers=headers)).status_code

    return asyncio.run(ask())


async def hang_up(app: Starlette) -> str:
    """Begin to say something and hang up in the midst of it; return what is counted then."""
    parts = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    scope = {"type": "http", "method": "POST", "path": "/api/session", "query_string": b"", "client": HERE}

    async def receive() -> dict:
        return parts.pop(0)

    async def send(_: dict) -> None:
        return None

    await app({**scope, "headers": [(b"content-type", b"application/json")]}, receive, send)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app, client=HERE), base_url="http://x") as http:
        return (await http.get("/metrics")).text


def test_that_somebody_hangs_up_is_no_fault(tmp_path) -> None:
    counted = asyncio.run(hang_up(build_app(Settings(state=tmp_path))))

    assert "whatnow_faults_total{" not in counted
    assert "process_cpu_seconds_total" in counted


def test_a_caller_on_this_machine_sees_it(tmp_path) -> None:
    assert asked(tmp_path, {}) == 200


def test_a_caller_elsewhere_sees_nothing(tmp_path) -> None:
    assert asked(tmp_path, {}, ("10.1.2.3", 5000)) == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_caller_behind_a_proxy_on_this_machine_is_one_elsewhere(tmp_path, header: str) -> None:
    assert asked(tmp_path, {header: "127.0.0.1"}) == 404


def test_a_caller_elsewhere_with_the_word_sees_it(tmp_path) -> None:
    assert asked(tmp_path, {"Authorization": f"Bearer {WORD}", "X-Forwarded-For": "10.1.2.3"}) == 200


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer wrong", WORD, f"Basic {WORD}", f"Bearer {WORD}x"])
def test_another_word_opens_nothing(tmp_path, said: str) -> None:
    assert asked(tmp_path, {"Authorization": said, "X-Forwarded-For": "10.1.2.3"}) == 404


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer "])
def test_without_a_word_set_no_word_opens_it(tmp_path, said: str) -> None:
    assert asked(tmp_path, {"Authorization": said}, ("10.1.2.3", 5000), word="") == 404
