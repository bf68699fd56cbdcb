"""A small Slack-shaped server for tests, with a page that draws what it was given, as Slack's own client would.

It signs what it sends with slack_sdk's own code, checks what it is given with slack_sdk's models, and remembers it.
"""

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import uvicorn
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.settings import Settings
from tests.conftest import free_settings

SECRET, TOKEN, TEAM, USER, DM, ROOM = "a signing secret", "xoxb-a-token", "T1", "U1", "D1", "C1"
BOT = {"is_bot": True, "real_name": "Whatnow"}
PAGE = Path(__file__).parent / "slack_page.html"
NUMBERS = itertools.count(1_000_000)


class SlackServer:
    """Slack as the gateway sees it; `refuse`, `fail`, `error`, `not_in` and `rich` make posts go wrong."""

    def __init__(self, port: int) -> None:
        """Begin with nothing said."""
        self.port, self.posted, self.refuse, self.asked = port, [], 0, []
        self.fail, self.error, self.not_in, self.rich = 0, "", set(), True
        self.people: dict[str, dict[str, Any]] = {"UBOT": BOT}
        self.slow: set[str] = set()  # of whom Slack is slow to tell the first time
        self.gateway, self.user, self.shown, self.home = "", USER, [], None
        routes = [
            Route("/api/{method:path}", self.call, methods=["POST", "GET"]),
            Route("/", lambda _: FileResponse(PAGE)),
            Route("/shown", lambda _: JSONResponse({"shown": self.shown, "home": self.home})),
            Route("/do", self.do, methods=["POST"]),
        ]
        self.app = Starlette(routes=routes)

    @property
    def api(self) -> str:
        """The address of its Web API."""
        return f"{self.page}api/"

    @property
    def page(self) -> str:
        """The address of its page."""
        return f"http://127.0.0.1:{self.port}/"

    async def call(self, request: Request) -> Response:
        """Answer one call of the Web API."""
        method, body = request.path_params["method"], await read(request)
        self.asked.append(method)
        if method == "auth.test":
            return JSONResponse({"ok": True, "user_id": "UBOT", "bot_id": "BBOT", "team_id": TEAM})
        if method == "users.info":
            if body["user"] in self.slow:
                self.slow.discard(body["user"])
                await asyncio.sleep(0.5)
            known = {"team_id": TEAM, "real_name": "Jo Bloggs", **self.people.get(body["user"], {})}
            return JSONResponse({"ok": True, "user": known})
        if method == "conversations.open":
            return JSONResponse({"ok": True, "channel": {"id": DM}})
        return self.wrong(body) or (self.publish(body) if method == "views.publish" else self.post(method, body))

    def wrong(self, body: dict[str, Any]) -> Response | None:
        """Return what goes wrong with a post; None where nothing does."""
        if self.refuse:
            self.refuse -= 1
            return JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "1"})
        if self.fail:
            self.fail -= 1
            return Response("an error page", 500, media_type="text/plain")
        if body.get("channel") in self.not_in:
            return JSONResponse({"ok": False, "error": "channel_not_found"})
        if not self.rich and body.get("blocks"):
            return JSONResponse({"ok": False, "error": "msg_blocks_too_long"})
        return JSONResponse({"ok": False, "error": self.error}) if self.error else None

    def post(self, method: str, body: dict[str, Any]) -> Response:
        """Take a message, where its blocks are as Slack wants them."""
        blocks = body.get("blocks") or []
        blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
        for block in Block.parse_all(blocks):
            block.validate_json()
        if not body.get("text") or len(blocks) > 50:
            return JSONResponse({"ok": False, "error": "invalid_blocks"})
        self.posted.append({"method": method, **body, "blocks": blocks})
        self.shown.append(self.posted[-1])
        return JSONResponse({"ok": True, "ts": str(time.time())})

    def publish(self, body: dict[str, Any]) -> Response:
        """Take a home, where it is as Slack wants it."""
        view = json.loads(body["view"]) if isinstance(body["view"], str) else body["view"]
        View(**view).validate_json()
        self.posted.append({"method": "views.publish", "user": body["user_id"], **view})
        self.home = view
        return JSONResponse({"ok": True})

    async def do(self, request: Request) -> Response:
        """Send to the gateway what somebody does on the page: write, click, or open the home."""
        body, number = await request.json(), next(NUMBERS)
        if "text" in body:
            self.shown.append({"mine": body["text"]})
            sent = event(number, text=body["text"], user=self.user)
        elif "action" in body:
            channel = {} if body["home"] else {"channel": {"id": body["channel"]}}
            said = {
                "type": "block_actions",
                "actions": [body["action"]],
                "trigger_id": f"p{number}",
                "user": {"id": self.user},
            }
            await run_in_threadpool(send, self.gateway, interaction({**said, **channel}), form=True)
            return Response()
        else:
            sent = event(number, type="app_home_opened", tab="home", user=self.user)
        await run_in_threadpool(send, self.gateway, sent)
        return Response()

    def wait(self, count: int, seconds: float = 15) -> list[dict[str, Any]]:
        """Return what was posted, once there is so much."""
        until = time.monotonic() + seconds
        while len(self.posted) < count and time.monotonic() < until:
            time.sleep(0.02)
        return list(self.posted)


async def read(request: Request) -> dict[str, Any]:
    """Return what a call says: in its address, as JSON or as a form."""
    raw = await request.body()
    if request.method == "GET":
        return dict(request.query_params)
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


def settings_of(server: Settings, slack: SlackServer, folder: Path) -> Settings:
    """Return settings for a gateway with Slack, in front of these servers and with their secret."""
    (folder / "secret").write_bytes((server.state / "secret").read_bytes())
    fresh = free_settings(folder, each_conversation="10000 per second", **own(slack))
    return fresh.model_copy(update={"rasa_port": server.rasa_port, "actions_port": server.actions_port})


def own(slack: SlackServer) -> dict[str, str]:
    """Return what a school sets for Slack."""
    return {"slack_signing_secret": SECRET, "slack_bot_token": TOKEN, "slack_api": slack.api}


def signed(raw: str, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """Return the headers that Slack signs a request with."""
    stamp = str(int(at if at is not None else time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=raw) or ""
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}


def send(url: str, body: dict[str, Any], *, form: bool = False, **how: Any) -> httpx.Response:
    """Send something as Slack does: an event as JSON; a command, or `payload` of an interaction, as a form."""
    raw = urlencode(body) if form else json.dumps(body)
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    headers = {"Content-Type": f"{kind}; charset=utf-8", **signed(raw, **how)}
    return httpx.post(f"{url}/slack/events", content=raw, headers=headers)


def event(number: int, **inside: Any) -> dict[str, Any]:
    """Return a direct message as an event."""
    said = {"type": "message", "channel_type": "im", "channel": DM, "user": USER, "ts": f"{number}.1", **inside}
    return {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}", "event": said, "api_app_id": "A1"}


def interaction(body: dict[str, Any]) -> dict[str, str]:
    """Return an interaction as Slack sends it."""
    return {"payload": json.dumps({"team": {"id": TEAM}, "user": {"id": USER}, "api_app_id": "A1", **body})}


def press(url: str, message: dict[str, Any], title: str, user: str = USER) -> httpx.Response:
    """Click the button of a message that says this, or that stands for it by its number."""
    block = next(each for each in message["blocks"] if each["type"] == "actions")
    element = next(each for each in block["elements"] if each["text"]["text"] in {title, number_of(title, message)})
    action = {"type": "button", "block_id": block.get("block_id", "b"), **element}
    body = {"type": "block_actions", "channel": {"id": message["channel"]}, "actions": [action], "user": {"id": user}}
    return send(url, interaction({**body, "trigger_id": f"t{next(NUMBERS)}"}), form=True)


def number_of(title: str, message: dict[str, Any]) -> str:
    """Return the number under which a message lists a long title; empty where it lists none."""
    lines = [
        line for each in message["blocks"] if each["type"] == "section" for line in each["text"]["text"].split("\n")
    ]
    return next((line.split(".")[0].strip("*") for line in lines if line.endswith(title) and line != title), "")
