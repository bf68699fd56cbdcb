"""Slack: who is answered. The school's own are, guests among them; strangers are told why not; bots are left."""

import asyncio

import pytest

from bot.gateway.addresses import Addresses
from bot.gateway.slack_people import Kind, kind_of
from bot.gateway.store import connect
from tests.bot.slack_server import DM, NUMBERS, ROOM, TEAM, SlackServer, event, send
from tests.bot.test_slack import PARENT, marked
from tests.bot.test_slack_card import words

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    ("user", "kind"),
    [
        ({"team_id": TEAM}, Kind.OURS),
        ({"team_id": TEAM, "is_restricted": True}, Kind.OURS),
        ({"team_id": TEAM, "is_restricted": True, "is_ultra_restricted": True}, Kind.OURS),
        ({"team_id": "T-grid", "enterprise_user": {"teams": ["T9", TEAM]}}, Kind.OURS),
        ({"team_id": "T2"}, Kind.STRANGER),
        ({"team_id": "T2", "is_stranger": True}, Kind.STRANGER),
        ({"team_id": "T-grid", "enterprise_user": {"teams": ["T9"]}}, Kind.STRANGER),
        ({"team_id": TEAM, "deleted": True}, Kind.NOBODY),
        ({"team_id": TEAM, "is_bot": True}, Kind.NOBODY),
    ],
    ids=str,
)
def test_who_somebody_is_stands_in_what_slack_says(user: dict, kind: Kind) -> None:
    assert kind_of(user, TEAM) is kind


@pytest.mark.parametrize("guest", [{"is_restricted": True}, {"is_ultra_restricted": True}], ids=str)
def test_a_guest_is_answered_as_anybody(guest: dict, slack: SlackServer, url: str) -> None:
    user = f"U{next(NUMBERS)}"
    slack.people[user] = guest
    send(url, event(next(NUMBERS), text=PARENT, user=user))

    assert "2.6.2" in words(slack.wait(1)[0]["blocks"])


@pytest.mark.parametrize("place", [DM, ROOM])
@pytest.mark.parametrize("stranger", [{"is_stranger": True}, {"team_id": "T2"}], ids=str)
def test_a_stranger_is_refused_in_words(stranger: dict, place: str, slack: SlackServer, url: str) -> None:
    user = f"U{next(NUMBERS)}"
    slack.people[user] = stranger
    kind = {"type": "app_mention", "channel_type": "channel"} if place == ROOM else {}
    send(url, event(next(NUMBERS), text=PARENT, user=user, channel=place, **kind))
    posted = slack.wait(1)[0]

    assert "this school's own Slack only" in posted["text"]
    assert posted["method"] == ("chat.postEphemeral" if place == ROOM else "chat.postMessage")


@pytest.mark.parametrize("gone", [{"deleted": True}, {"is_bot": True}], ids=str)
def test_a_closed_account_and_a_bot_are_not_answered(gone: dict, slack: SlackServer, url: str) -> None:
    user = f"U{next(NUMBERS)}"
    slack.people[user] = gone
    send(url, event(next(NUMBERS), text=PARENT, user=user))

    assert [each for each in marked(slack, url) if "2.6.2" in words(each["blocks"])] == []


def test_where_somebody_can_be_reminded_is_known_once_they_have_written(slack, url: str, slack_and_settings) -> None:
    user = f"U{next(NUMBERS)}"
    send(url, event(next(NUMBERS), text="hello", user=user))
    slack.wait(1)
    kept = asyncio.run(Addresses(connect(slack_and_settings[1].database)).of(f"slack:{TEAM}:{user}"))

    assert kept is not None
    assert (kept.channel, kept.address) == ("slack", {"user": user, "team": TEAM})


def test_who_asks_in_a_room_only_is_not_kept(slack: SlackServer, url: str, slack_and_settings) -> None:
    user, room = f"U{next(NUMBERS)}", {"type": "app_mention", "channel": ROOM, "channel_type": "channel"}
    send(url, event(next(NUMBERS), text="<@UBOT> hello", user=user, **room))
    slack.wait(1)

    assert asyncio.run(Addresses(connect(slack_and_settings[1].database)).of(f"slack:{TEAM}:{user}")) is None
