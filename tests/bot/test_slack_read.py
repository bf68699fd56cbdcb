"""Slack: what is not signed, is too old, or never came from Slack is refused; what we never offered is left."""

import time

import httpx
import pytest

from bot.gateway.slack_read import as_typed
from tests.bot.slack_server import NUMBERS, SlackServer, event, interaction, send, signed
from tests.bot.test_slack import PARENT, marked
from tests.bot.test_slack_card import words


@pytest.mark.server
@pytest.mark.parametrize(
    ("how", "status"), [({"secret": "forged"}, 401), ({"at": 0}, 401), ({"at": time.time() - 400}, 401)], ids=str
)
def test_what_is_forged_or_replayed_is_refused(how, status: int, slack: SlackServer, url: str) -> None:
    assert send(url, event(next(NUMBERS), text=PARENT), **how).status_code == status

    assert [each for each in marked(slack, url) if "2.6.2" in words(each["blocks"])] == []


@pytest.mark.server
@pytest.mark.parametrize(
    ("raw", "extra", "status"),
    [
        ("{", {}, 400),
        ("[]", {"Content-Type": "application/json"}, 400),
        ("payload=x", {}, 400),
        ("{}", {"X-Slack-Request-Timestamp": "soon"}, 400),
        ("a" * 1_000_001, {}, 413),
    ],
    ids=["cut off", "a list", "no payload", "no time", "too large"],
)
def test_what_slack_never_sends_is_refused(raw: str, extra: dict, status: int, slack: SlackServer, url: str) -> None:
    headers = {"Content-Type": "text/plain", **signed(raw), **extra}

    assert httpx.post(f"{url}/slack/events", content=raw, headers=headers).status_code == status


@pytest.mark.server
@pytest.mark.parametrize(
    "said",
    [
        {"type": "block_actions", "actions": [{"type": "radio_buttons", "action_id": "x", "block_id": "b"}]},
        {"type": "block_actions", "actions": [{"type": "button", "action_id": "choose-x", "block_id": "b"}]},
        {"type": "view_submission", "view": {"type": "modal", "callback_id": "x", "state": {"values": {}}}},
        {"type": "view_closed", "view": {"type": "modal", "callback_id": "x"}},
        {"type": "block_suggestion", "action_id": "x", "block_id": "b", "value": "x"},
        {"type": "shortcut", "callback_id": "x"},
    ],
    ids=lambda said: said["type"],
)
def test_an_interaction_that_we_never_offered_is_thanked_for_and_left(said: dict, slack, url: str) -> None:
    assert send(url, interaction({**said, "trigger_id": f"t{next(NUMBERS)}"}), form=True).status_code == 200

    assert len(marked(slack, url)) == 1


def test_signs_are_as_they_were_typed() -> None:
    assert as_typed("<@UBOT> me &amp; <https://a.uk|the page> &lt;3") == "me & the page <3"
