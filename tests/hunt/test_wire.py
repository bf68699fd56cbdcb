"""What the hunt found at the gateway's port, each held on to: bytes below HTTP's own rules."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from bot.hostile.chats import SECRET
from bot.servers import apart, gateway
from bot.settings import Settings

POST = b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
GET = b"GET /health HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def gateway_and_log(tmp_path_factory) -> Iterator[tuple[Settings, Path]]:
    """A gateway with nothing behind it that waits for one second, and what it says."""
    others = {"slow_seconds": 1, "slack_signing_secret": SECRET, "slack_bot_token": "x", "teams_anonymous": True}
    settings = apart(tmp_path_factory.mktemp("wire"), **others)
    with gateway(settings) as log:
        yield settings, log


@pytest.fixture
def line(gateway_and_log) -> Iterator[socket.socket]:
    """An open line to it."""
    with socket.create_connection(("127.0.0.1", gateway_and_log[0].port), timeout=12) as found:
        yield found


def test_an_origin_that_is_no_address_is_refused(line) -> None:
    line.sendall(POST + b"Content-Length: 2\r\nOrigin: http://[\r\n\r\n{}")

    assert line.recv(65536).startswith(b"HTTP/1.1 403")


def test_a_stamp_of_five_thousand_digits_is_refused(line) -> None:
    stamp = b"X-Slack-Request-Timestamp: " + b"9" * 5000
    line.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n" + stamp + b"\r\n\r\n{}")

    assert line.recv(65536).startswith(b"HTTP/1.1 400")


def test_headers_without_end_are_refused_and_not_kept(line, gateway_and_log) -> None:
    held = [each for each in psutil.net_connections("tcp") if each.laddr and each.laddr.port == gateway_and_log[0].port]
    process = psutil.Process(next(each.pid for each in held if each.status == psutil.CONN_LISTEN and each.pid))
    before = process.memory_info().rss
    with pytest.raises(OSError, match=r"(?i)reset|pipe"):
        line.sendall(GET + b"X: " + b"y" * 200_000_000)

    assert process.memory_info().rss - before < 20_000_000


def test_a_second_request_that_does_not_come_is_hung_up_on(line) -> None:
    line.sendall(GET + b"\r\n")
    first = b""
    while not first.endswith(b"}"):
        first += line.recv(65536)
    began = time.monotonic()
    line.sendall(b"G")

    assert line.recv(65536) == b""
    assert time.monotonic() - began < 5


def test_many_requests_on_one_line_are_all_answered(gateway_and_log) -> None:
    with httpx.Client(base_url=gateway_and_log[0].gateway_url) as client:
        found = [client.get("/health", headers={"X-Long": "y" * 4000}).status_code for _ in range(40)]

    assert found == [200] * 40


@pytest.mark.parametrize("parts", [1, 2])
@pytest.mark.parametrize("upgrade", [b"websocket", b"h2c"])
def test_a_request_within_one_that_asks_for_an_upgrade_is_never_answered(upgrade: bytes, parts: int, line) -> None:
    inner = GET + b"\r\n"
    asked = POST + b"Upgrade: %s\r\nConnection: Upgrade\r\nContent-Length: %d\r\n\r\n" % (upgrade, len(inner))
    for part in (asked + inner,) if parts == 1 else (asked, inner):
        line.sendall(part)
        time.sleep(0.2)
    heard = b"".join(iter(lambda: line.recv(65536), b""))

    assert heard.startswith(b"HTTP/1.1 400")
    assert b'"status":"ok"' not in heard


@pytest.mark.parametrize("path", [b"/api/session", b"/slack/events", b"/api/messages"])
def test_a_body_that_is_cut_short_leaves_no_trace_in_the_log(path: bytes, line, gateway_and_log) -> None:
    line.sendall(POST.replace(b"/api/session", path) + b"Content-Length: 20\r\n\r\n{")
    line.shutdown(socket.SHUT_WR)
    line.recv(65536)

    assert "Traceback" not in gateway_and_log[1].read_text(encoding="utf8")


def test_what_teams_cannot_be_is_not_written_down(line, gateway_and_log) -> None:
    body = b'{"type": "message", "text": {"a": "what somebody typed"}}'
    line.sendall(POST.replace(b"/api/session", b"/api/messages") + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    assert line.recv(65536).startswith(b"HTTP/1.1 400")
    assert "what somebody typed" not in gateway_and_log[1].read_text(encoding="utf8")
