"""Slack and Teams while the gateway's database is down: who writes is told the safe words all the same."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import httpx
import pytest

from bot.gateway.told import AGAIN_SECONDS, REMEMBERED, Told
from bot.settings import Settings
from tests.bot import teams_server as teams_side
from tests.bot.slack_server import NUMBERS, ROOM, TEAM, event, interaction, own, send, slack_server
from tests.bot.teams_server import teams_server
from tests.bot.test_hung_database import ANSWER, SAFE, WORDS, Platform, at_work
from tests.bot.test_slack_card import words
from tests.bot.test_slack_faults import away
from tests.bot.test_teams import in_room, seen
from tests.conftest import free_port, free_settings, output_of

MENTION = {"type": "app_mention", "channel": ROOM, "channel_type": "channel"}
server = pytest.mark.server


@pytest.fixture(scope="module")
def slack_platform(tmp_path_factory) -> Iterator[Platform]:
    """A Slack and its gateway, whose database is a file."""
    with slack_server(free_port()) as slack:
        settings = free_settings(tmp_path_factory.mktemp("slack"), **own(slack))
        with at_work(settings):
            yield Platform(slack, settings)


@pytest.fixture(scope="module")
def teams_platform(tmp_path_factory) -> Iterator[Platform]:
    """A Teams and its gateway, whose database is a file."""
    settings = free_settings(tmp_path_factory.mktemp("teams"), teams_anonymous=True, reminders=False)
    with teams_server(free_port()) as teams, at_work(settings):
        yield Platform(teams, settings)


@pytest.fixture
def slack(slack_platform: Platform) -> Platform:
    """The Slack, with nothing posted yet and nothing wrong with it."""
    slack_platform.there.posted.clear()
    slack_platform.there.error = ""
    return slack_platform


@pytest.fixture
def teams(teams_platform: Platform) -> Platform:
    """The Teams, with nothing posted yet."""
    teams_platform.there.posted.clear()
    return teams_platform


@pytest.fixture
def user() -> str:
    """Somebody who has not written before."""
    return f"U{next(NUMBERS)}"


@contextmanager
def locked(platform: Platform) -> Iterator[None]:
    """Have somebody else write to the gateway's file, and never come to an end."""
    with closing(sqlite3.connect(platform.folder / "gateway.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@server
def test_a_direct_message_is_answered_with_the_safe_words(slack: Platform, user: str) -> None:
    with locked(slack):
        told = slack.told(lambda: slack.write(user=user))

    assert [(each["method"], each["channel"]) for each in told] == [("chat.postMessage", "D1")]
    assert SAFE in told[0]["text"]


@server
@pytest.mark.parametrize("name", ["slack", "teams"])
def test_an_event_that_cannot_be_kept_is_counted_as_a_fault_of_the_database(name: str, request) -> None:
    platform = request.getfixturevalue(name)
    before = faults(platform)
    with away(platform.folder, "inbox"):
        assert platform.write(user=f"U{next(NUMBERS)}") == 503

    assert faults(platform) == before + 1


def faults(platform: Platform) -> float:
    """Return how many faults of the database are counted."""
    lines = httpx.get(f"{platform.url}/metrics").raise_for_status().text.splitlines()
    found = [line for line in lines if line.startswith("whatnow_faults_total") and 'part="database"' in line]
    return float(found[0].split()[-1]) if found else 0.0


@server
def test_who_asks_in_a_room_is_told_alone_and_in_the_thread(slack: Platform, user: str) -> None:
    with locked(slack):
        told = slack.told(lambda: slack.write(**MENTION, user=user, thread_ts="17.5"))[0]

    assert (told["method"], told["channel"], told["user"]) == ("chat.postEphemeral", ROOM, user)
    assert told["thread_ts"] == "17.5"
    assert SAFE in told["text"]


@server
def test_what_is_sent_again_is_told_once_and_answered_once_when_the_database_is_back(
    slack: Platform, user: str
) -> None:
    sent = event(next(NUMBERS), text=WORDS, user=user)
    with away(slack.folder, "inbox"):
        down = [send(slack.url, sent).status_code for _ in range(3)]
        told = slack.there.wait(2, 1)
    back = [send(slack.url, sent).status_code for _ in range(2)]
    slack.there.wait(2)

    assert (down, back) == ([503] * 3, [200] * 2)
    assert len(told) == 1
    assert [words(each["blocks"]) for each in slack.there.wait(3, 1)[1:]] == [ANSWER]


@server
def test_a_burst_of_one_person_is_told_once(slack: Platform, user: str) -> None:
    with away(slack.folder, "inbox"):
        assert {slack.write(user=user) for _ in range(10)} == {503}
        assert len(slack.there.wait(2, 1)) == 1


@server
def test_many_who_write_at_once_are_all_told_in_time(slack: Platform) -> None:
    def all_write() -> int:
        with ThreadPoolExecutor(8) as pool:
            return max(pool.map(lambda n: slack.write(user=f"U-many{n}", channel=f"D-many{n}"), range(8)))

    with locked(slack):
        told = slack.told(all_write, 8)

    assert {each["channel"] for each in told} == {f"D-many{n}" for n in range(8)}


@server
def test_a_click_that_slack_will_not_send_again_is_told_too(slack: Platform, user: str) -> None:
    action = {"type": "button", "action_id": "choose-x", "value": "v", "block_id": "b"}
    click = {"type": "block_actions", "channel": {"id": "D1"}, "actions": [action], "trigger_id": user}
    with away(slack.folder, "inbox"):
        told = slack.told(lambda: send(slack.url, interaction({**click, "user": {"id": user}}), form=True).status_code)

    assert SAFE in told[0]["text"]


@server
@pytest.mark.parametrize(
    "other", [{"is_stranger": True}, {"team_id": "T2"}, {"is_bot": True}, {"deleted": True}], ids=str
)
def test_strangers_bots_and_closed_accounts_are_not_told(other: dict, slack: Platform, user: str) -> None:
    slack.there.people[user] = {"team_id": TEAM, **other}
    with away(slack.folder, "inbox"):
        assert slack.write(user=user) == 503
        assert slack.there.wait(1, 1) == []


@server
def test_a_guest_of_the_school_is_told_as_anybody(slack: Platform, user: str) -> None:
    slack.there.people[user] = {"team_id": TEAM, "is_restricted": True}
    with away(slack.folder, "inbox"):
        assert SAFE in slack.told(lambda: slack.write(user=user))[0]["text"]


@server
def test_safe_words_that_do_not_arrive_are_dropped_with_their_kind_in_the_log(slack: Platform, user: str) -> None:
    slack.there.error = "account_inactive"
    with away(slack.folder, "inbox"):
        assert slack.write(user=user) == 503
        time.sleep(1)
    said = output_of(Settings(state=slack.folder)).read_text(encoding="utf8")

    assert "the safe words on slack did not arrive: SlackApiError" in said
    assert WORDS not in said


@server
def test_on_teams_the_safe_words_stand_in_the_person_s_own_chat(teams: Platform, user: str) -> None:
    with locked(teams):
        told = teams.told(lambda: teams.write(**{"from": {"id": user}}))

    assert [each["place"] for each in told] == [teams_side.PERSONAL]
    assert SAFE in seen(told[0])


@server
def test_a_room_on_teams_is_told_only_that_something_stands_in_the_person_s_own_chat(
    teams: Platform, user: str
) -> None:
    with locked(teams):
        private, room = teams.told(lambda: teams.write(**in_room(WORDS, **{"from": {"id": user}})), 2)

    assert private["place"] == f"a:{user}"
    assert SAFE in seen(private)
    assert "answered you in our own chat" in seen(room)
    assert "999" not in seen(room)


@server
def test_what_teams_sends_again_is_told_once_and_answered_once(teams: Platform, user: str) -> None:
    sent = teams_side.activity(WORDS, service=teams.there.url, **{"from": {"id": user}})
    with away(teams.folder, "inbox"):
        down = [teams_side.send(teams.url, sent).status_code for _ in range(3)]
        told = teams.there.wait(2, 1)
    back = [teams_side.send(teams.url, sent).status_code for _ in range(2)]
    teams.there.wait(2)

    assert (down, back) == ([503] * 3, [202] * 2)
    assert len(told) == 1
    assert [ANSWER in seen(each) for each in teams.there.wait(3, 1)] == [False, True]


def test_a_person_is_told_again_after_a_minute_and_of_one_event_never_again() -> None:
    clock = [0.0]
    told = Told(lambda: clock[0])
    first = [told.is_due("event-1", "Jo"), told.is_due("event-2", "Jo"), told.is_due("event-3", "Al")]
    clock[0] += AGAIN_SECONDS

    assert first == [True, False, True]
    assert [told.is_due(f"event-{n}", "Jo") for n in (1, 2, 4)] == [False, False, True]


def test_what_has_been_told_is_remembered_within_bounds() -> None:
    told = Told()
    for n in range(REMEMBERED + 100):
        told.is_due(f"event-{n}", n)

    assert len(told.events) == len(told.persons) == REMEMBERED
