"""One Rasa as it comes, with a small bot, started once: what the tests of this folder hold Whatnow beside."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.parts import RASA
from bot.process import QUIET, start, stop, wait_for
from tests.bot.slack_server import SlackServer, signed, slack_server
from tests.bot.teams_server import TeamsServer, serving
from tests.conftest import PROJECT, free_port

BOT = Path(__file__).parent / "stock_bot"
FILES = ("--credentials", str(BOT / "credentials.yml"), "--endpoints", str(BOT / "endpoints.yml"))
NAMED = ("--fixed-model-name", "stock")


class Stock(NamedTuple):
    """Rasa as it comes, and the Slack and the Teams that it talks to."""

    port: int
    process: int
    model: str
    slack: SlackServer
    teams: TeamsServer

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def rest(self, **body: Any) -> list[str]:
        """Say something over REST; return what is answered."""
        answered = httpx.post(f"{self.url}/webhooks/rest/webhook", json=body, timeout=60)
        return [each["text"] for each in answered.raise_for_status().json()]

    def tracker(self, sender: str) -> dict[str, Any]:
        """Return a conversation, as anybody can ask for it."""
        return httpx.get(f"{self.url}/conversations/{sender}/tracker", timeout=60).raise_for_status().json()

    def slack_event(self, body: dict[str, Any], **headers: str) -> httpx.Response:
        """Send an event as Slack does."""
        raw = json.dumps(body)
        said = {"Content-Type": "application/json", **signed(raw), **headers}
        return httpx.post(f"{self.url}/webhooks/slack/webhook", content=raw, headers=said, timeout=60)

    def teams_event(self, body: dict[str, Any], token: str) -> httpx.Response:
        """Send an activity as Teams does."""
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.post(f"{self.url}/webhooks/botframework/webhook", json=body, headers=headers, timeout=60)


def train_command(folder: Path) -> list[str]:
    """Return the command that trains the small bot."""
    files = ["--config", BOT / "config.yml", "--domain", BOT / "domain.yml", "--data", BOT / "data", "--out", folder]
    return [str(each) for each in (RASA, "-W", "ignore", "-m", "rasa", "train", "--quiet", *files, *NAMED)]


@pytest.fixture(scope="session")
def stock(tmp_path_factory) -> Iterator[Stock]:
    """The small bot, served; with its API open, as the guides have it."""
    folder, port = tmp_path_factory.mktemp("stock"), free_port()
    subprocess.run(train_command(folder), check=True, capture_output=True, env={**os.environ, **QUIET})
    model, teams = str(folder / "stock.tar.gz"), TeamsServer(free_port())
    teams.app.routes.append(Route("/openid", lambda _: JSONResponse({"jwks_uri": f"{teams.url}keys"})))
    with slack_server(free_port()) as slack, serving(teams.app, teams.port):
        there = {"SLACK_API": slack.api, "TEAMS_URL": teams.url, "PYTHONPATH": str(PROJECT)}
        command = [str(RASA), "-m", "rasa", "run", "--enable-api", "--port", str(port), "--model", model, *FILES]
        process = start(command, folder / "log", **there)
        try:
            wait_for(f"http://127.0.0.1:{port}/webhooks/rest/", process)
            yield Stock(port, process.pid, model, slack, teams)
        finally:
            stop([process])


@pytest.fixture(autouse=True)
def nothing_posted(request: pytest.FixtureRequest) -> None:
    """Begin with nothing posted, where the small bot takes part."""
    if "stock" in request.fixturenames:
        stock = request.getfixturevalue("stock")
        stock.slack.posted.clear()
        stock.teams.posted.clear()
