"""Rasa's own Slack and Teams channels, as they come but for where Slack and Teams are: on this machine."""

import datetime as dt
import os

from rasa.core.channels import botframework
from rasa.core.channels.slack import SlackInput

botframework.MICROSOFT_OPEN_ID_URI = os.environ.get("TEAMS_URL", "") + "openid"
botframework.BotFramework.headers = {"content-type": "application/json", "Authorization": "Bearer the-bots-own-token"}
botframework.BotFramework.token_expiration_date = dt.datetime.max  # noqa: DTZ901  (as Rasa compares it)


class LocalSlack(SlackInput):
    """Posts to this machine."""

    def get_output_channel(self, channel=None, thread_id=None):
        """Return Rasa's own, with another address."""
        found = super().get_output_channel(channel, thread_id)
        found.client.base_url = os.environ["SLACK_API"]
        return found


class LocalTeams(botframework.BotFrameworkInput):
    """Fetches its keys from this machine, and has a token already."""
