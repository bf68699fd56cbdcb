"""The stock proxy alone: what people hear where no gateway is there, and who cannot reach what is behind it."""

import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
import yaml

from bot.gateway.refusal import safe_words
from bot.process import stop
from bot.settings import Settings
from tests.conftest import PROJECT, environment_of, free_port, free_settings

COMPOSE = yaml.safe_load((PROJECT / "deploy" / "compose.yml").read_text(encoding="utf8"))


@pytest.fixture
def proxy(tmp_path) -> Iterator[Settings]:
    """The proxy, in front of nothing."""
    settings = free_settings(tmp_path)
    ports = [f"--{kind}={free_port()}" for kind in ("gateways", "rasa", "actions")]
    command = [sys.executable, "-m", "bot.parts", "proxy", *ports]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment_of(settings), start_new_session=True)
    try:
        until_heard(settings.gateway_url, process)
        yield settings
    finally:
        stop([process])


def until_heard(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until anything answers."""
    while process.poll() is None:
        try:
            httpx.get(url)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return


def test_without_a_gateway_the_safe_words_are_said(proxy: Settings) -> None:
    answered = httpx.post(f"{proxy.gateway_url}/api/say", json={"key": "key-00001", "text": "hello"})

    assert answered.status_code == 503
    assert answered.json() == {"error": "down", "text": safe_words()}


def test_without_a_gateway_a_page_is_the_safe_words(proxy: Settings) -> None:
    answered = httpx.get(f"{proxy.gateway_url}/")

    assert (answered.status_code, answered.text) == (503, safe_words())


@pytest.mark.parametrize("path", ["/ready", "/metrics"])
def test_what_is_for_whoever_runs_it_is_not_passed_on(path: str, proxy: Settings) -> None:
    assert httpx.get(proxy.gateway_url + path).status_code == 404


@pytest.mark.parametrize(("option", "kind"), [("gateways", "gateway"), ("rasa", "rasa"), ("actions", "actions")])
def test_in_containers_the_proxy_knows_every_replica(option: str, kind: str) -> None:
    command = COMPOSE["services"]["proxy"]["command"]
    parts = [each["command"] for each in COMPOSE["services"].values() if each.get("command", [])[3:4] == [kind]]
    start = command.index(f"--{option}") + 1

    assert [part[4] for part in parts] == command[start : start + 2]


def test_in_containers_only_the_proxys_door_is_open() -> None:
    open_ = {name: each["ports"] for name, each in COMPOSE["services"].items() if "ports" in each}

    assert open_ == {"pod": ["${WHATNOW_PORT:-8080}:8080"]}
