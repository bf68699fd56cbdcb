"""The Slack app's manifest, held against Slack's own types and the lengths that its published schema allows."""

import json

import pytest
from jsonschema import Draft7Validator

from bot.gateway.slack_manifest import manifest
from tests.conftest import PROJECT

MADE = manifest("https://whatnow.school.uk/")
SCHEMA = json.loads((PROJECT / "tests" / "contract" / "slack-manifest.schema.json").read_text(encoding="utf8"))
CHECK = Draft7Validator(SCHEMA)
LONGEST = [  # slackapi/manifest-schema, schemas/manifest.schema.2.0.0.json
    (("display_information", "name"), 35),
    (("display_information", "description"), 140),
    (("features", "bot_user", "display_name"), 80),
    (("features", "shortcuts", 0, "name"), 24),
    (("features", "shortcuts", 0, "callback_id"), 255),
    (("features", "shortcuts", 0, "description"), 150),
    (("features", "slash_commands", 0, "command"), 32),
    (("features", "slash_commands", 0, "description"), 2000),
    (("features", "slash_commands", 0, "usage_hint"), 1000),
]


def test_the_manifest_is_as_slacks_types_have_it() -> None:
    assert [error.message for error in CHECK.iter_errors(MADE)] == []
    assert set(MADE) <= set(SCHEMA["definitions"]["Manifest"]["properties"])


@pytest.mark.parametrize(
    "part",
    [
        {"oauth_config": {"scopes": {"bot": ["read:everything"]}}},
        {"settings": {"event_subscriptions": {"bot_events": ["message.imm"]}}},
        {"features": {"app_home": {"home_tab": True}}},
        {"display_information": {}},
    ],
)
def test_a_manifest_that_slack_does_not_know_is_found(part: dict) -> None:
    assert not CHECK.is_valid({**MADE, **part})


@pytest.mark.parametrize(("where", "longest"), LONGEST)
def test_nothing_is_longer_than_slack_allows(where: tuple, longest: int) -> None:
    found = MADE
    for step in where:
        found = found[step]

    assert 1 <= len(found) <= longest
