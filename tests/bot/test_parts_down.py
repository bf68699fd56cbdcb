"""When a part is down, staff still get the safe static words."""

import subprocess
import sys

import httpx
import pytest

from bot.parts import rasa_part
from bot.process import start, stop, wait_for
from bot.settings import PROJECT, Settings
from tests.bot.web_client import WebClient
from tests.conftest import environment_of, free_settings, gateway_alone

pytestmark = pytest.mark.server


def test_without_the_action_server_the_safe_words_are_said(tmp_path) -> None:
    settings = free_settings(tmp_path)
    part = rasa_part(settings, settings.rasa_port)
    rasa = start(part.command, part.log, **part.environment)
    try:
        wait_for(settings.rasa_url, rasa)
        body = {"sender": "down", "message": "a pupil sent me a nude"}
        answered = httpx.post(settings.webhook, json=body, timeout=60).json()
        with gateway_alone(settings):
            refused = WebClient(settings).send(text="a pupil sent me a nude")
    finally:
        stop([rasa])

    assert refused.status_code == 503
    assert refused.json()["text"] == answered[0]["text"]

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
