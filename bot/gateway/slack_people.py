"""Who somebody on Slack is, as Slack says: one of the school's, guests among them, a stranger, or nobody to answer.

Asked of Slack, and again after an hour: people leave. It keeps nothing on disk.
"""

import time
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, NamedTuple

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.gateway.slack_send import reason

KNOWN_SECONDS = 3600
UNSEEN = {"user_not_found", "user_not_visible"}  # what Slack says of some people of other teams


class Kind(Enum):
    """How somebody is to be treated."""

    OURS = auto()
    STRANGER = auto()
    NOBODY = auto()  # a bot, or an account that has been closed


class Person(NamedTuple):
    """Somebody on Slack: the team that the app belongs to, their name where Slack says it, and what they are to us."""

    team: str
    name: str | None
    kind: Kind


class People:
    """The people of one installation. `now` gives the time in seconds."""

    def __init__(self, client: AsyncWebClient, now: Callable[[], float] = time.monotonic) -> None:
        self.client, self.now = client, now
        self.known: dict[str, tuple[float, Person]] = {}
        self.team = ""

    async def of(self, user: str) -> Person:
        """Return who somebody is.

        Raises:
            SlackApiError: Slack does not say; nobody is answered without it.
        """
        at, person = self.known.get(user, (0.0, None))
        if person is None or self.now() - at > KNOWN_SECONDS:
            person = await self.ask(user)
            self.known[user] = self.now(), person
        return person

    async def ask(self, user: str) -> Person:
        """Ask Slack who somebody is."""
        team = await self.own_team()
        try:
            found = (await self.client.users_info(user=user))["user"]
        except SlackApiError as error:
            if reason(error) not in UNSEEN:
                raise
            return Person(team, None, Kind.STRANGER)
        return Person(team, found.get("real_name"), kind_of(found, team))

    async def own_team(self) -> str:
        """Return the team that the app belongs to, and not the one that an event of a shared channel names."""
        if not self.team:
            self.team = (await self.client.auth_test())["team_id"]
        return self.team


def kind_of(user: dict[str, Any], team: str) -> Kind:
    """Return how a user is to be treated; guests (`is_restricted`, `is_ultra_restricted`) are the school's own."""
    if user.get("is_bot") or user.get("deleted") or user.get("is_workflow_bot"):
        return Kind.NOBODY
    teams = {user.get("team_id", team), *(user.get("enterprise_user") or {}).get("teams", ())}
    return Kind.STRANGER if user.get("is_stranger") or team not in teams else Kind.OURS
