"""Stand-ins for Slack and Teams, so that their answers arrive somewhere: they take all, and keep it by its place."""

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from urllib.parse import parse_qs

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.hostile.judge import SILENCE

TEAM = "T1"
UNSEEN = {
    "auth.test": {"ok": True, "user_id": "UBOT", "bot_id": "BBOT", "team_id": TEAM},
    "users.info": {"ok": True, "user": {"team_id": TEAM, "real_name": "Jo Bloggs"}},
    "conversations.open": {"ok": True, "channel": {"id": "D0"}},
}


class Platforms:
    """What was posted, by place: each as the words of its request."""

    def __init__(self, port: int) -> None:
        self.port, self.posted = port, defaultdict[str, list[str]](list)
        self.app = Starlette(
            routes=[
                Route("/slack/{method}", self.slack, methods=["GET", "POST"]),
                Route("/v3/conversations", self.open, methods=["POST"]),
                Route("/v3/conversations/{place:path}/activities", self.teams, methods=["POST"]),
            ]
        )

    @property
    def url(self) -> str:
        """The address of Teams' service."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def slack_api(self) -> str:
        """The address of Slack's Web API."""
        return f"{self.url}slack/"

    async def slack(self, request: Request) -> Response:
        """Answer a call of Slack's API."""
        method, raw = request.path_params["method"], (await request.body()).decode()
        if method in UNSEEN:
            return JSONResponse(UNSEEN[method])
        if request.headers.get("content-type", "").startswith("application/json"):
            said = {key: [str(each)] for key, each in (await request.json()).items()}
        else:
            said = parse_qs(raw)
        place = (said.get("channel") or said.get("user_id") or ["nowhere"])[0]
        self.posted[place].append(f"{method} {said}")
        return JSONResponse({"ok": True, "ts": str(time.time())})

    async def open(self, _: Request) -> Response:
        """Open somebody's own chat."""
        return JSONResponse({"id": "a:own"}, 201)

    async def teams(self, request: Request) -> Response:
        """Take an activity; that somebody is typing is no answer."""
        body = await request.json()
        if body["type"] != "typing":
            self.posted[request.path_params["place"]].append(str(body))
        return JSONResponse({"id": "1"}, 201)

    async def wait(self, place: str) -> str:
        """Return the first that was posted at a place; empty where nothing comes in time."""
        until = time.monotonic() + SILENCE
        while place not in self.posted and time.monotonic() < until:  # noqa: ASYNC110  (two lines, not a queue a place)
            await asyncio.sleep(0.02)
        return self.posted[place][0] if place in self.posted else ""


@contextlib.asynccontextmanager
async def served(platforms: Platforms) -> AsyncIterator[None]:
    """Serve them in this loop."""
    server = uvicorn.Server(uvicorn.Config(platforms.app, port=platforms.port, log_level="warning", access_log=False))
    server.capture_signals = contextlib.nullcontext  # type: ignore[assignment]  # Ctrl-C stays with who runs all this
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  (uvicorn has no event for it)
        await asyncio.sleep(0.02)
    yield
    server.should_exit = True
    await serving
