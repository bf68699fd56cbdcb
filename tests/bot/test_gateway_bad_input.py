"""What a stranger can send to the front door: clear words, the right status, nothing hijacked, nothing lost."""

import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from bot.settings import Settings
from tests.bot.web_client import WebClient
from tests.conftest import free_settings, gateway_alone

pytestmark = pytest.mark.server
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def web(server: Settings) -> WebClient:
    """One conversation over the web."""
    return WebClient(server)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"{}",
        b'{"key": "key-00001"}',
        b'{"text": "hi"}',
        b'{"key": "key-00001", "text": ""}',
        b'{"key": "key-00001", "text": "  "}',
        b'{"key": "key-00001", "text": 7}',
        b'{"key": "key-00001", "text": ["hi"]}',
        b'{"key": "short", "text": "hi"}',
        b'{"key": "../../etc/passwd", "text": "hi"}',
        b'{"key": "key-00001", "text": "hi", "button": "x"}',
        b'{"key": "key-00001", "text": "hi", "sender": "web-1"}',
        b'{"key": "key-00001", "button": {"$ne": 1}}',
        b'{"key": "key-00001", "text": "\xff\xfe"}',
        b'{"key": "key-00001", "text": "\\ud800"}',
        b"[" * 30_000,
    ],
    ids=lambda body: body[:40].decode("utf8", "replace"),
)
def test_what_is_no_message_is_refused_in_words(body: bytes, web: WebClient) -> None:
    headers = {**JSON, "Authorization": f"Bearer {web.token}"}
    refused = web.http.post("/api/say", content=body, headers=headers)

    assert refused.status_code == 400
    assert refused.json()["error"] == "malformed"


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "image/png", ""])
def test_what_is_no_json_is_refused(kind: str, web: WebClient) -> None:
    refused = web.http.post("/api/say", content=b"{}", headers={"Content-Type": kind})

    assert refused.status_code == 415
    assert "no files" in refused.json()["text"]


def test_a_body_of_50_megabytes_is_refused(server: Settings) -> None:
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(b"POST /api/say HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
        line.sendall(b"Connection: close\r\nContent-Length: 52428800\r\n\r\n" + b"x" * 52_428_800)
        answered = b"".join(iter(lambda: line.recv(65536), b""))

    assert answered.startswith(b"HTTP/1.1 413")
    assert b"too large to be a message" in answered
    assert time.monotonic() - began < 5


def test_a_body_that_hides_its_size_is_refused(web: WebClient) -> None:
    def parts():
        for _ in range(20):
            yield b"x" * 10_000

    refused = web.http.post("/api/say", content=parts(), headers=JSON)

    assert refused.status_code == 413


def test_a_text_that_is_too_long_is_refused_with_its_limit(web: WebClient) -> None:
    refused = web.send(text="a" * 4001)

    assert refused.status_code == 413
    assert "4000 characters" in refused.json()["text"]
    assert web.send(text="a " * 1999).status_code == 200


def test_a_slow_body_is_refused_and_slow_headers_are_hung_up_on(tmp_path) -> None:
    with gateway_alone(free_settings(tmp_path, slow_seconds=1)) as settings:
        with socket.create_connection(("127.0.0.1", settings.port), timeout=10) as body:
            body.sendall(b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
            body.sendall(b"Content-Length: 10\r\n\r\n{")
            said = body.recv(65536)
        with socket.create_connection(("127.0.0.1", settings.port), timeout=10) as headers:
            headers.sendall(b"POST /api/ses")
            hung_up = headers.recv(65536)

    assert said.startswith(b"HTTP/1.1 408")
    assert hung_up == b""


def test_of_200_sends_at_once_some_are_answered_and_the_rest_told_to_wait(web: WebClient) -> None:
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: web.send(text="hello"), range(200)))
    found = Counter(each.status_code for each in answers)

    assert set(found) == {200, 429}
    assert found[200] == 10
    assert {each.headers["Retry-After"] for each in answers if each.status_code == 429} == {"10"}


def test_others_are_answered_while_one_sends_too_much(web: WebClient, server: Settings) -> None:
    for _ in range(12):
        last = web.send(text="hello")

    assert last.status_code == 429
    assert WebClient(server).send(text="hello").status_code == 200


def test_one_address_cannot_take_all_the_room(tmp_path) -> None:
    with gateway_alone(free_settings(tmp_path, each_address="5 per minute")) as settings:
        found = [httpx.post(f"{settings.gateway_url}/api/session", json={}).status_code for _ in range(6)]

    assert found == [201] * 5 + [429]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{7*7}}", "'; DROP TABLE answers; --", "\x00\x1b[31m", "😭"]
)
def test_hostile_text_is_a_message_like_any_other(text: str, web: WebClient) -> None:
    assert web.say(text)["reply"]["text"]


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}], ids=str
)
def test_a_page_of_another_origin_is_refused(headers: dict[str, str], web: WebClient) -> None:
    refused = web.http.post("/api/session", json={}, headers=headers)

    assert refused.status_code == 403


def test_no_other_origin_may_read_an_answer(web: WebClient) -> None:
    found = web.http.options(
        "/api/say", headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    )

    assert "access-control-allow-origin" not in found.headers


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/static/../secret", 404), ("/api/say", 405)])
def test_what_is_not_there_is_said_in_words(path: str, status: int, web: WebClient) -> None:
    found = web.http.get(path)

    assert found.status_code == status
    assert found.json()["text"]


def test_markup_in_the_schools_own_settings_is_text(tmp_path) -> None:
    with gateway_alone(free_settings(tmp_path, school_name="<script>alert(1)</script> & Sons")) as settings:
        page = httpx.get(f"{settings.gateway_url}/").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in page


def test_without_rasa_the_safe_words_are_said_within_three_seconds(tmp_path) -> None:
    with gateway_alone(free_settings(tmp_path)) as settings:
        web, began = WebClient(settings), time.monotonic()
        refused = web.send(text="a pupil sent me a nude")
        ready = web.http.get("/ready")

    assert refused.status_code == 503
    assert "call 999" in refused.json()["text"]
    assert time.monotonic() - began < 3
    assert ready.status_code == 503


def test_what_failed_may_be_sent_again_under_its_key(tmp_path, server: Settings) -> None:
    with gateway_alone(free_settings(tmp_path)) as settings:
        web = WebClient(settings)
        web.send("key-of-this-message", text="hello")
    again = settings.model_copy(update={"rasa_port": server.rasa_port, "state": server.state})
    with gateway_alone(again) as settings:
        web = WebClient(settings)

        assert web.send("key-of-this-message", text="hello").status_code == 200


def test_only_the_widgets_frame_may_be_framed_and_by_allowed_origins_only(web: WebClient, host_port: int) -> None:
    def framed_by(path: str) -> str:
        return web.http.get(path).headers["Content-Security-Policy"].split("frame-ancestors ")[1]

    assert framed_by("/embed") == f"http://localhost:{host_port}"
    assert {framed_by(path) for path in ("/", "/policy", "/widget.js", "/api/say")} == {"'none'"}
