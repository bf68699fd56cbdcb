"""The action check that is built once says what Rasa's own says, on Rasa's own Python."""

import json
import subprocess

import pytest

from bot.parts import RASA
from bot.settings import PROJECT

ACCEPTED = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"text": "x", "custom": {}}]},
    {"events": [{"event": "restart"}]},
    {},
]
REFUSED = [
    {"events": {}, "responses": []},
    {"events": [], "responses": ["text"]},
    {"events": [{"name": "a", "value": 1}]},
    {"events": [{"event": "slot"}]},
    [],
    None,
    "text",
]


@pytest.fixture(scope="module")
def verdicts() -> list[list[str]]:
    """Each reply's two verdicts: Rasa's own, and ours."""
    done = subprocess.run(
        [str(RASA), "-W", "ignore", "-m", "tests.rasa_side.validate_both"],
        input=json.dumps(ACCEPTED + REFUSED),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_both_accept_what_has_the_right_form(verdicts) -> None:
    assert verdicts[: len(ACCEPTED)] == [["True", "True"]] * len(ACCEPTED)


def test_both_refuse_what_has_not_with_the_same_error(verdicts) -> None:
    assert verdicts[len(ACCEPTED) :] == [["ValidationError", "ValidationError"]] * len(REFUSED)


def test_a_call_of_an_action_does_not_grow_with_the_conversation() -> None:
    """Rasa as it comes sends every event with every call; ours sends slots and the latest message."""
    found = subprocess.run(
        [str(RASA), "-W", "ignore", "-m", "tests.rasa_side.size_of_call"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    stock, ours = json.loads(found.stdout.splitlines()[-1])

    assert stock[1] > 10 * stock[0]
    assert ours[1] == ours[0]
