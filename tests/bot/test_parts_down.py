"""When a part is down, staff still get the safe static words."""

import subprocess
import sys

import httpx
import pytest

from bot.run import QUIET, RASA, rasa_command, start, stop, wait_for
from bot.settings import PROJECT, Settings
from tests.conftest import environment_of, free_settings

pytestmark = pytest.mark.server


def test_without_the_action_server_the_safe_words_are_said(tmp_path) -> None:
    settings = free_settings(tmp_path)
    model = subprocess.run([str(RASA), "-m", "bot.train"], cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True)
    rasa = start(
        rasa_command(model.stdout.split()[-1], settings.rasa_port), ACTIONS_PORT=str(settings.actions_port), **QUIET
    )
    try:
        wait_for(settings.rasa_url, rasa)
        body = {"sender": "down", "message": "a pupil sent me a nude"}
        answered = httpx.post(settings.webhook, json=body, timeout=60).json()
    finally:
        stop([rasa])

    assert "999" in answered[0]["text"]
    assert "DSL" in answered[0]["text"]


def test_a_port_that_is_taken_is_said_plainly(server: Settings) -> None:
    command = [sys.executable, "-m", "actions.serve", "--port", str(server.actions_port)]
    process = start(command)
    try:
        assert process.wait(120) != 0
    finally:
        stop([process])


def test_a_second_start_says_that_one_is_running(server: Settings) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "bot.run"],
        cwd=PROJECT,
        env=environment_of(server),
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 1
    assert f"port {server.rasa_port} is taken. Is Whatnow running already?" in second.stderr
