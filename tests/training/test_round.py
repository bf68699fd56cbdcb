"""A whole five-minute round through the running servers: a wrong branch, own words, real life, a restart, the end."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from bot.settings import PROJECT
from knowledge.training.scenario import Scenario
from tests.bot.web_client import WebClient
from tests.conftest import free_port, free_settings, running
from tests.training.test_lrs import PASSWORD, USER, statements, store

pytestmark = pytest.mark.server


def scene_of(answer, scenarios: dict[str, Scenario]):
    """Return the scene that an answer shows."""
    value = answer["reply"]["question"]["options"][0]["value"]
    scenario, scene, _ = value.split("/")
    return scenarios[scenario].scenes[scene]


def click(web: WebClient, answer, title: str):
    """Click a button of an answer; return the next one."""
    button = next(each["id"] for each in answer["buttons"] if each["title"] == title)
    return web.send(button=button).raise_for_status().json()


def right(scene) -> str:
    """Return the text of a right choice."""
    return next(each.text for each in scene.choices if each.verdict == "right")


def told(state: Path, *command: str) -> str:
    """Return what the record's command line says."""
    environment = {**os.environ, "WHATNOW_STATE": str(state)}
    said = subprocess.run(
        [sys.executable, "-m", "knowledge.training.cli", *command],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout


def test_a_round_from_its_start_over_a_restart_to_the_report(tmp_path, scenarios) -> None:
    settings, port = free_settings(tmp_path / "state", each_conversation="1000 per second"), free_port()
    lrs = {
        "WHATNOW_LRS_URL": f"http://127.0.0.1:{port}/xAPI",
        "WHATNOW_LRS_USER": USER,
        "WHATNOW_LRS_PASSWORD": PASSWORD,
    }
    with running(settings, **lrs):  # the record store is down for now
        web = WebClient(settings)
        answer = web.say("start training")
        answer = click(web, answer, answer["buttons"][0]["title"])
        answer = web.say("Robin Hood")
        assert "resume " in answer["reply"]["text"]
        for _ in range(3):
            answer = click(web, answer, "2")
        wrong = next(each for each in scene_of(answer, scenarios).choices if each.verdict in ("wrong", "harmful"))
        answer = click(web, answer, wrong.text)
        assert answer["reply"]["training"]["feedback"]["verdict"] == wrong.verdict
        answer = click(web, answer, right(scene_of(answer, scenarios)))
        shown = answer["reply"]["training"]["story"]
        real = web.say("actually this is really happening to me: a pupil has sent me a nude of herself tonight")
        assert (real["reply"]["type"], real["reply"]["real"]) == ("advice", True)
        assert real["reply"]["matches"][0]["procedure"] == "indecent_child_images"
        assert "2.7.4" in web.say("show me the clause")["reply"]["text"]

    with running(settings, **lrs), store(tmp_path / "lrs", port) as url:
        answer = web.say("resume training")
        assert answer["reply"]["training"]["story"] == shown
        own = web.say("I would tell my line manager and write down what happened, with the date and time")
        assert own["reply"]["type"] == "training"
        answer = own
        while answer["reply"]["training"].get("story"):
            answer = click(web, answer, right(scene_of(answer, scenarios)))
        for _ in range(3):
            answer = click(web, answer, "5")
        result = answer["reply"]["training"]
        assert answer["reply"]["type"] == "record"
        assert 0 < result["percent"] < 100
        chosen = told(settings.state, "export", "Robin Hood").count('"kind": "chose"')
        until = time.monotonic() + 60
        while len(statements(url)) < chosen and time.monotonic() < until:
            time.sleep(0.5)
        assert len(statements(url)) == chosen

        answer = web.say("start training")  # a second round, all right, for the certificate
        answer = click(web, answer, answer["buttons"][0]["title"])
        for _ in range(3):
            answer = click(web, answer, "4")
        while answer["reply"]["training"].get("story"):
            answer = click(web, answer, right(scene_of(answer, scenarios)))
        for _ in range(3):
            answer = click(web, answer, "5")
        passed = answer["reply"]["training"]
        assert (passed["passed"], passed["percent"]) == (True, 100)
        assert httpx.get(settings.gateway_url + passed["certificate"]).content.startswith(b"%PDF")

    assert "intact" in told(settings.state, "verify")
    told(settings.state, "report", "--folder", str(tmp_path / "report"))
    row = (tmp_path / "report" / "report.csv").read_text(encoding="utf8").splitlines()[1]
    assert row.startswith("Robin Hood,complete,")
    code = passed["certificate"].removeprefix("/certificate/")
    assert "Genuine: Robin Hood" in told(settings.state, "verify", "--code", code)
