"""A Slack-shaped server, and a gateway of its own in front of the real servers that talks to it."""

import pytest

from bot.settings import Settings
from tests.bot.slack_server import SlackServer, settings_of, slack_server
from tests.conftest import free_port, gateway_alone


@pytest.fixture(scope="module")
def slack_and_settings(server: Settings, tmp_path_factory):
    """A Slack, and the settings of the gateway that talks to it."""
    with slack_server(free_port()) as slack:
        settings = settings_of(server, slack, tmp_path_factory.mktemp("slack"))
        with gateway_alone(settings):
            yield slack, settings


@pytest.fixture
def slack(slack_and_settings) -> SlackServer:
    """The Slack, with nothing posted yet and nothing wrong with it."""
    found = slack_and_settings[0]
    found.posted.clear()
    found.refuse, found.fail, found.error, found.rich = 0, 0, "", True
    found.not_in.clear()
    return found


@pytest.fixture
def url(slack_and_settings) -> str:
    """The gateway's address."""
    return slack_and_settings[1].gateway_url
