"""A small Slack-shaped server for tests.

It signs what it sends with slack_sdk's own code, checks what it is given with slack_sdk's models, and remembers it.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import uvicorn
from slack_sdk.models.blocks import Block
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SECRET, TOKEN, TEAM, USER, DM, ROOM = "a signing secret", "xoxb-a-token", "T1", "U1", "D1", "C1"


class SlackServer:
    """Slack as the gateway sees it."""

    def __init__(self, port: int) -> None:
        """Begin with nothing said."""
        self.port, self.posted, self.refuse, self.asked = port, [], 0, []
        self.app = Starlette(routes=[Route("/api/{method:path}", self.call, methods=["POST", "GET"])])

    @property
    def api(self) -> str:
        """The address of its Web API."""
        return f"http://127.0.0.1:{self.port}/api/"

    async def call(self, request: Request) -> Response:
        """Answer one call of the Web API."""
        method, body = request.path_params["method"], await read(request)
        self.asked.append(method)
        if method == "auth.test":
            return JSONResponse({"ok": True, "user_id": "UBOT", "bot_id": "BBOT", "team_id": TEAM})
        if method == "users.info":
            return JSONResponse({"ok": True, "user": {"real_name": "Jo Bloggs"}})
        if method == "conversations.open":
            return JSONResponse({"ok": True, "channel": {"id": DM}})
        if self.refuse:
            self.refuse -= 1
            return JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "1"})
        return self.post(method, body)

    def post(self, method: str, body: dict[str, Any]) -> Response:
        """Take a message, where its blocks are as Slack wants them."""
        blocks = body.get("blocks") or []
        blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
        for block in Block.parse_all(blocks):
            block.validate_json()
        if not body.get("text") or len(blocks) > 50:
            return JSONResponse({"ok": False, "error": "invalid_blocks"})
        self.posted.append({"method": method, **body, "blocks": blocks})
        return JSONResponse({"ok": True, "ts": str(time.time())})

    def wait(self, count: int, seconds: float = 15) -> list[dict[str, Any]]:
        """Return what was posted, once there is so much."""
        until = time.monotonic() + seconds
        while len(self.posted) < count and time.monotonic() < until:
            time.sleep(0.02)
        return list(self.posted)


async def read(request: Request) -> dict[str, Any]:
    """Return what a call says, as JSON or as a form."""
    raw = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        return json.loads(raw)
    return {key: values[0] for key, values in parse_qs(raw.decode()).items()}


@contextmanager
def slack_server(port: int) -> Iterator[SlackServer]:
    """Serve it."""
    slack = SlackServer(port)
    server = uvicorn.Server(uvicorn.Config(slack.app, port=port, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.02)
    yield slack
    server.should_exit = True


def signed(raw: str, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """Return the headers that Slack signs a request with."""
    stamp = str(int(at if at is not None else time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=raw) or ""
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}


def send(url: str, body: dict[str, Any], *, form: bool = False, **how: Any) -> httpx.Response:
    """Send something as Slack does: an event as JSON; a command, or `payload` of an interaction, as a form."""
    raw = urlencode(body) if form else json.dumps(body)
    kind = "application/x-www-form-urlencoded" if form else "application/json; charset=utf-8"
    return httpx.post(f"{url}/slack/events", content=raw, headers={"Content-Type": kind, **signed(raw, **how)})


def event(number: int, **inside: Any) -> dict[str, Any]:
    """Return a direct message as an event."""
    said = {"type": "message", "channel_type": "im", "channel": DM, "user": USER, "ts": f"{number}.1", **inside}
    return {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}", "event": said, "api_app_id": "A1"}
