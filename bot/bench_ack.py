"""How soon Slack and Teams are thanked while an answer takes seconds: `make bench-ack`.

A real gateway stands in front of a Rasa that takes five seconds (a small server in its place) and of a platform that
takes whatever it is sent. Slack wants its thanks within three seconds; we want half of one.
"""

import asyncio
import itertools
import json
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Dict, List

import httpx
import uvicorn
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.process import start, stop, wait_for
from bot.servers import free_port
from bot.settings import Settings

SLOW_SECONDS, EVENTS, AT_ONCE, ASKED = 5.0, 200, 8, 500
SECRET = "a secret of the bench"  # noqa: S105  (opens nothing)
NUMBERS = itertools.count(1)


async def slow_turn(_: Request) -> JSONResponse:
    """Answer as Rasa does, after a long while."""
    await asyncio.sleep(SLOW_SECONDS)
    return JSONResponse([{"custom": {"type": "small_talk", "text": "Hello."}}])


async def platform(_: Request) -> JSONResponse:
    """Take what the gateway posts."""
    return JSONResponse({"ok": True, "id": "1", "user_id": "B", "user": {"real_name": "Jo"}, "channel": {"id": "D1"}})


def serve(port: int) -> None:
    """Serve the slow Rasa and the platform beside this program."""
    routes = [
        Route("/webhooks/line/say", slow_turn, methods=["POST"]),
        Route("/{path:path}", platform, methods=["GET", "POST"]),
    ]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=port, log_level="error"))
    threading.Thread(target=server.run, daemon=True).start()


def slack(client: httpx.Client, home: str, _: str) -> None:
    """Send one signed event."""
    number = next(NUMBERS)
    said = {
        "type": "message",
        "channel_type": "im",
        "channel": "D1",
        "user": f"U{number}",
        "text": "hello",
        "ts": "1.1",
    }
    raw = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}", "event": said})
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=raw) or ""
    signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature, "Content-Type": "application/json"}
    client.post(f"{home}/slack/events", content=raw, headers=signed).raise_for_status()


def teams(client: httpx.Client, home: str, service: str) -> None:
    """Send one activity."""
    number = next(NUMBERS)
    who = {"from": {"id": f"29:{number}"}, "recipient": {"id": "28:bot"}, "conversation": {"id": f"a:{number}"}}
    said: Dict[str, Any] = {"type": "message", "id": str(number), "channelId": "msteams", "text": "hello", **who}
    client.post(f"{home}/api/messages", json={**said, "serviceUrl": service}).raise_for_status()


def times(send: Callable[[httpx.Client, str, str], None], home: str, service: str) -> List[float]:
    """Return how many milliseconds each event waited for its thanks, while others are being answered."""

    def one(_: int) -> float:
        began = time.perf_counter()
        send(client, home, service)
        return (time.perf_counter() - began) * 1000

    with httpx.Client(timeout=30) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(one, range(EVENTS)))


def main() -> None:
    """Measure both platforms; exit 1 where an event waited too long."""
    port = free_port()
    serve(port)
    service = f"http://127.0.0.1:{port}/"
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(rasa_port=port, actions_port=port, port=free_port(), state=Path(folder))
        own = {
            "WHATNOW_RASA_PORT": str(port),
            "WHATNOW_ACTIONS_PORT": str(port),
            "WHATNOW_PORT": str(settings.port),
            "WHATNOW_STATE": folder,
            "WHATNOW_TEAMS_ANONYMOUS": "true",
            "WHATNOW_REMINDERS": "false",
            "WHATNOW_SLACK_SIGNING_SECRET": SECRET,
            "WHATNOW_SLACK_BOT_TOKEN": "xoxb-1",
            "WHATNOW_SLACK_API": f"{service}api/",
        }
        process = start([sys.executable, "-m", "bot.gateway.serve"], None, **own)
        try:
            wait_for(f"{settings.gateway_url}/health", process)
            found = {send.__name__: times(send, settings.gateway_url, service) for send in (slack, teams)}
        finally:
            stop([process])
    for name, waited in found.items():
        middle, late = statistics.median(waited), waited[int(len(waited) * 0.95)]
        print(
            f"{name}: {EVENTS} events, each answer taking {SLOW_SECONDS:g} s: thanked after {middle:.1f} ms in the "
            f"middle, {late:.1f} ms at p95, {waited[-1]:.1f} ms at most (asked: under {ASKED})"
        )
    sys.exit(int(max(waited[-1] for waited in found.values()) >= ASKED))


if __name__ == "__main__":
    main()
