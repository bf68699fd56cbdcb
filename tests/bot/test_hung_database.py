"""A PostgreSQL that hangs: nobody waits for it longer than two seconds, and all goes on when it does."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psutil
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.gateway.patience import MILLISECONDS, PATIENCE, soon
from bot.gateway.slack import Slack
from bot.gateway.store import connect
from bot.settings import Settings
from tests.bot import teams_server as teams_side
from tests.bot.slack_server import NUMBERS, SlackServer, event, own, send, slack_server
from tests.bot.teams_server import TeamsServer
from tests.bot.test_slack_card import words
from tests.bot.test_slack_faults import JOB, in_this_process, slow_rasa, taken_up
from tests.bot.web_client import WebClient
from tests.conftest import free_port, free_settings, gateway_alone
from tests.deploy.conftest import databases_on

pytestmark = pytest.mark.server
SAFE, ANSWER, LONGEST = "call 999", "At last.", 20.0  # seconds; how soon it is, `make faults` tells
WORDS = "a pupil sent me a nude"


class Platform:
    """Slack or Teams, and the gateway that answers to it; each test writes as somebody new."""

    def __init__(self, there: SlackServer | TeamsServer, settings: Settings) -> None:
        """Look at these."""
        self.there, self.settings, self.folder, self.url = there, settings, settings.state, settings.gateway_url

    def write(self, **inside: Any) -> int:
        """Write something; return the status that the platform gets."""
        said = {"text": WORDS, **inside}
        if isinstance(self.there, SlackServer):
            return send(self.url, event(next(NUMBERS), **said)).status_code
        return teams_side.send(self.url, teams_side.activity(**said, service=self.there.url)).status_code

    def told(self, write: Callable[[], int], count: int = 1) -> list[dict[str, Any]]:
        """Write what cannot be kept; return what is posted all the same."""
        assert write() == 503
        return self.there.wait(count, LONGEST)


@contextmanager
def at_work(settings: Settings) -> Iterator[None]:
    """The gateway, and in Rasa's place one that answers at once."""
    with slow_rasa(settings) as (_, let), gateway_alone(settings):
        let.set()
        yield


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where a PostgreSQL is that may hang."""
    with databases_on(free_port(), free_port()) as urls:
        yield urls["WHATNOW_DATABASE_URL"]


@pytest.fixture
def slack(url: str, tmp_path) -> Iterator[Platform]:
    """A Slack, and its gateway on PostgreSQL."""
    with slack_server(free_port()) as there:
        settings = free_settings(tmp_path, database_url=url, **own(there))
        with at_work(settings):
            yield Platform(there, settings)


@contextmanager
def hung(url: str) -> Iterator[None]:
    """Let PostgreSQL stand still: its connections are open, and nothing comes back."""
    port = url.rpartition(":")[2].partition("/")[0]
    found = [each for each in psutil.process_iter(["name", "cmdline"]) if each.info["name"] == "postgres"]
    first = next(each for each in found if port in each.info["cmdline"])
    stopped = [first, *first.children()]
    for each in stopped:
        each.suspend()
    try:
        yield
    finally:
        for each in stopped:
            each.resume()


def asked(engine: Engine, question: str) -> str:
    """Return what the database says to a question."""
    with engine.connect() as open_:
        return str(open_.exec_driver_sql(question).scalar())


def test_whoever_writes_meanwhile_is_told_and_answered_once_when_it_goes_on(slack: Platform, url: str) -> None:
    sent = event(next(NUMBERS), text=WORDS)
    with hung(url):
        told = slack.told(lambda: send(slack.url, sent).status_code)
    back = send(slack.url, sent).status_code

    assert SAFE in told[0]["text"]
    assert back == 200
    assert [words(each["blocks"]) for each in slack.there.wait(2, 20)[1:]] == [ANSWER]


def test_what_was_kept_before_is_told_and_answered_once_when_it_goes_on(url: str, tmp_path) -> None:
    async def take(slack: SlackServer, channel: Slack, clock: list[float]) -> None:
        await channel.worker.put("Ev1", JOB)
        await asyncio.to_thread(rasa[0].wait, 8)
        with hung(url):
            rasa[1].set()
            told.extend(await asyncio.to_thread(slack.wait, 1, LONGEST))
            await asyncio.gather(*channel.worker.working.values())
        await taken_up(slack, channel, clock, 3)
        await channel.chat.turns.line.close()

    told: list[dict] = []
    with in_this_process(tmp_path, database_url=url) as parts, slow_rasa(parts[1].chat.settings) as rasa:
        asyncio.run(take(*parts))

    assert SAFE in told[0]["text"]
    assert [words(each["blocks"]) for each in parts[0].posted[1:]] == [ANSWER]


def test_whoever_writes_on_the_page_gets_the_safe_words_while_it_hangs(slack: Platform, url: str) -> None:
    web = WebClient(slack.settings)
    with hung(url):
        assert SAFE in web.send(text=WORDS).json()["text"]


@pytest.mark.parametrize(("path", "status"), [("ready", 503), ("metrics", 200), ("health", 200)])
def test_the_gateway_says_how_it_is_while_it_hangs(path: str, status: int, slack: Platform, url: str) -> None:
    with hung(url):
        assert httpx.get(f"{slack.url}/{path}", timeout=LONGEST).status_code == status


def test_a_hundred_at_once_are_given_up_while_it_hangs_and_it_is_asked_again_afterwards(url: str) -> None:
    engine = connect(url)

    async def ask() -> tuple[set[bool], str]:
        with hung(url):
            many = [soon(engine, asked, engine, "SELECT 1") for _ in range(100)]
            found = await asyncio.gather(*many, return_exceptions=True)
        await asyncio.sleep(PATIENCE)
        return {isinstance(each, SQLAlchemyError) for each in found}, await soon(engine, asked, engine, "SELECT 1")

    assert asyncio.run(ask()) == ({True}, "1")


@pytest.mark.parametrize("setting", ["statement_timeout", "lock_timeout"])
def test_postgresql_itself_gives_up_after_two_seconds(setting: str, url: str) -> None:
    assert asked(connect(url), f"SHOW {setting}") == f"{PATIENCE}s"


def test_a_connection_to_a_machine_that_is_gone_ends_after_two_seconds(url: str) -> None:
    with connect(url).connect() as open_, socket.socket(fileno=open_.connection.fileno()) as line:  # type: ignore[attr-defined]
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == MILLISECONDS
        line.detach()


def test_options_that_the_address_gives_are_kept(url: str) -> None:
    engine = connect(f"{url}?options=-csearch_path%3Dpublic")

    assert (asked(engine, "SHOW search_path"), asked(engine, "SHOW statement_timeout")) == ("public", "2s")
