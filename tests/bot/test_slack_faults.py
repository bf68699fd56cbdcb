"""Slack when something is wrong: nothing that was thanked for is lost, and nothing is thanked for that is not kept."""

import asyncio
import json
import sqlite3
import threading
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.gateway.addresses import Addresses
from bot.gateway.chat import Chat
from bot.gateway.inbox import Inbox
from bot.gateway.limits import Limits
from bot.gateway.line import Line
from bot.gateway.slack import CHANNEL, Slack
from bot.gateway.standing import Standing
from bot.gateway.store import Store, connect
from bot.gateway.turns import Turns
from bot.gateway.worker import Undelivered
from bot.secret import inbox_key, load_secret
from bot.settings import Settings
from tests.bot.slack_server import (
    DM,
    NUMBERS,
    TEAM,
    USER,
    SlackServer,
    event,
    own,
    send,
    settings_of,
    slack_server,
)
from tests.bot.test_slack import PARENT
from tests.bot.test_slack_card import words
from tests.conftest import free_port, free_settings, gateway_alone

JOB = {"user": USER, "place": DM, "room": False, "text": PARENT, "files": False}
SAFE = "call 999"
JO = f"slack:{TEAM}:{USER}"


@contextmanager
def in_this_process(folder, **others: str):
    """A Slack, and the channel that talks to it and never tries twice at once; behind it nobody listens."""
    with slack_server(free_port()) as slack:
        settings = free_settings(folder, **own(slack), **others)
        store, clock = Store(connect(settings.database)), [1000.0]
        chat = Chat(settings, Turns(Line(settings.line_url, "word", 2), store, CHANNEL), Limits(settings))
        inbox = Inbox(store.engine, CHANNEL, inbox_key(load_secret(folder)), lambda: clock[0])
        parts = (settings, chat, inbox, Addresses(store.engine), Standing(settings.actions_home, "word"))
        channel = Slack(*parts, tries=0)
        yield slack, channel, clock
        store.engine.dispose()


async def worked(channel: Slack, job: dict) -> None:
    """Have the channel work on an event until it rests."""
    await channel.worker.put("Ev1", job)
    await asyncio.gather(*channel.worker.working.values())


async def taken_up(slack: SlackServer, channel: Slack, clock: list[float], count: int) -> None:
    """Have the channel take up, a minute later, what is not answered; wait a second for so much to be posted."""
    clock[0] += 60
    taking = asyncio.create_task(channel.worker.keep_taking_up())
    await asyncio.to_thread(slack.wait, count, 1)
    taking.cancel()


@contextmanager
def away(folder, table: str):
    """Take a table of the gateway's away, and bring it back with its rows."""
    with closing(sqlite3.connect(folder / "gateway.db", isolation_level=None)) as other:
        other.execute(f"ALTER TABLE {table} RENAME TO put_away")
        yield
        other.execute(f"ALTER TABLE put_away RENAME TO {table}")


@contextmanager
def slow_rasa(settings: Settings):
    """In Rasa's place: it is asked, and answers when it is let."""
    asked, let = threading.Event(), threading.Event()

    class Slow(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.set()
            let.wait(8)
            said = json.dumps([{"custom": {"type": "small_talk", "text": "At last."}}]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(said)

    serving = ThreadingHTTPServer(("127.0.0.1", settings.rasa_port), Slow)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    yield asked, let
    serving.shutdown()


@pytest.mark.server
@pytest.mark.parametrize("wrong", ["refuse", "fail"])
def test_slack_asking_for_patience_or_failing_gets_it_again(wrong: str, slack: SlackServer, url: str) -> None:
    setattr(slack, wrong, 2)
    send(url, event(next(NUMBERS), text=PARENT))

    assert "2.6.2" in words(slack.wait(1)[0]["blocks"])
    assert getattr(slack, wrong) == 0


@pytest.mark.parametrize("wrong", ["refuse", "fail"])
def test_after_a_long_failure_of_slack_the_answer_comes_later(wrong: str, tmp_path) -> None:
    async def take(slack: SlackServer, channel: Slack, clock: list[float]) -> tuple[int, int]:
        setattr(slack, wrong, 1)
        await worked(channel, JOB)
        before = len(slack.posted)
        clock[0] += 60
        taking = asyncio.create_task(channel.worker.keep_taking_up())
        await asyncio.to_thread(slack.wait, 1)
        taking.cancel()
        await channel.chat.turns.line.close()
        return before, len(slack.posted)

    with in_this_process(tmp_path) as parts:
        assert asyncio.run(take(*parts)) == (0, 1)


def test_what_slack_will_never_take_is_dropped(tmp_path) -> None:
    async def take(slack: SlackServer, channel: Slack, clock: list[float]) -> list:
        slack.error = "account_inactive"
        await worked(channel, JOB)
        await channel.chat.turns.line.close()
        clock[0] += 10_000
        return await channel.worker.inbox.take_free()

    with in_this_process(tmp_path) as parts:
        assert asyncio.run(take(*parts)) == []
        assert parts[0].posted == []


def test_a_reminder_stands_in_the_persons_own_chat(tmp_path) -> None:
    with in_this_process(tmp_path) as (slack, channel, _):
        asyncio.run(channel.remind({"user": USER, "team": TEAM}, "A reminder & more"))

        assert (slack.posted[0]["channel"], slack.posted[0]["text"]) == (DM, "A reminder &amp; more")


def test_who_cannot_be_reached_any_more_is_not_kept(tmp_path) -> None:
    async def remind(slack: SlackServer, channel: Slack) -> object:
        slack.error = "account_inactive"
        await channel.addresses.note(JO, CHANNEL, {"user": USER, "team": TEAM})
        with pytest.raises(Undelivered):
            await channel.remind({"user": USER, "team": TEAM}, "A reminder")
        return await channel.addresses.of(JO)

    with in_this_process(tmp_path) as (slack, channel, _):
        assert asyncio.run(remind(slack, channel)) is None


def test_whoever_waits_for_a_database_that_is_back_later_gets_the_safe_words_once_and_then_the_answer(tmp_path) -> None:
    async def take(slack: SlackServer, channel: Slack, clock: list[float]) -> None:
        with away(tmp_path, "persons_at"):
            await worked(channel, JOB)
            await taken_up(slack, channel, clock, 2)
        await taken_up(slack, channel, clock, 2)
        await channel.chat.turns.line.close()

    with in_this_process(tmp_path) as parts, slow_rasa(parts[1].chat.settings) as (_, let):
        let.set()
        asyncio.run(take(*parts))

        assert [SAFE in each["text"] for each in parts[0].posted] == [True, False]


def test_what_is_answered_and_cannot_be_dropped_is_neither_answered_again_nor_told_the_safe_words(tmp_path) -> None:
    async def take(slack: SlackServer, channel: Slack, clock: list[float]) -> list:
        await channel.worker.put("Ev1", JOB)
        with away(tmp_path, "inbox"):
            await asyncio.gather(*channel.worker.working.values())
        await taken_up(slack, channel, clock, 2)
        await channel.chat.turns.line.close()
        clock[0] += 10_000
        return await channel.worker.inbox.take_free()

    with in_this_process(tmp_path) as parts, slow_rasa(parts[1].chat.settings) as (_, let):
        let.set()

        assert asyncio.run(take(*parts)) == []
        assert [words(each["blocks"]) for each in parts[0].posted] == ["At last."]


@pytest.mark.server
def test_the_thanks_come_before_the_answer_exists(tmp_path) -> None:
    with slack_server(free_port()) as slack:
        settings = free_settings(tmp_path, **own(slack))
        with slow_rasa(settings) as (asked, let), gateway_alone(settings):
            thanks = send(settings.gateway_url, event(1, text=PARENT))
            working = asked.wait(8) and slack.posted == []
            let.set()
            slack.wait(1)

    assert (thanks.status_code, working) == (200, True)
    assert words(slack.posted[0]["blocks"]) == "At last."


@pytest.mark.server
def test_where_rasa_is_down_the_safe_words_come(tmp_path) -> None:
    with slack_server(free_port()) as slack, gateway_alone(free_settings(tmp_path, **own(slack))) as settings:
        send(settings.gateway_url, event(1, text="a pupil sent me a nude"))

        assert SAFE in slack.wait(1)[0]["text"]


@pytest.mark.server
def test_an_event_is_kept_and_thanked_for_where_slack_itself_cannot_be_called(tmp_path) -> None:
    nobody = SlackServer(free_port())
    with gateway_alone(free_settings(tmp_path, **own(nobody))) as settings:
        assert send(settings.gateway_url, event(1, text=PARENT)).status_code == 200

    assert sqlite3.connect(tmp_path / "gateway.db").execute("SELECT count(job) FROM inbox").fetchone() == (1,)


@pytest.mark.server
def test_what_was_not_answered_before_a_stop_is_answered_after_it(server: Settings, tmp_path) -> None:
    with slack_server(free_port()) as slack:
        settings = settings_of(server, slack, tmp_path)
        inbox = Inbox(connect(settings.database), CHANNEL, inbox_key(load_secret(settings.state)))
        asyncio.run(inbox.put("Ev-left", JOB))
        asyncio.run(inbox.leave("Ev-left"))
        with gateway_alone(settings):
            assert "2.6.2" in words(slack.wait(1)[0]["blocks"])

        assert asyncio.run(inbox.take_free()) == []
