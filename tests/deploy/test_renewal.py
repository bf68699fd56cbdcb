"""A policy is swapped under load: no turn fails, and everybody gets the new one."""

import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.process import stop, wait_for
from bot.settings import Settings
from tests.bot.web_client import WebClient
from tests.conftest import PROJECT, environment_of, free_settings
from tests.deploy.conftest import Urls

pytestmark = pytest.mark.server
LEFT = shutil.ignore_patterns(".git", ".venv*", ".state", "docs", "tests", "*cache*", "node_modules")
PARENT = "a parent added me on facebook last night, what should i do"


@pytest.fixture
def copy(tmp_path_factory) -> Path:
    """A copy of the project, whose policy may be edited."""
    folder = tmp_path_factory.mktemp("copy") / "main"
    shutil.copytree(PROJECT, folder, ignore=LEFT)
    for environment in (".venv", ".venv-rasa"):
        (folder / environment).symlink_to(PROJECT / environment)
    shutil.copytree(PROJECT / "docs", folder / "docs", ignore=shutil.ignore_patterns("pictures"))
    shutil.copytree(PROJECT / "tests" / "gold", folder / "tests" / "gold")
    return folder


@pytest.fixture
def started(copy: Path, databases: Urls, tmp_path_factory) -> Iterator[tuple[Settings, "subprocess.Popen[bytes]"]]:
    """The copy's replicas: two action servers, one of each other part."""
    urls = {name: databases[f"WHATNOW_{name.upper()}"] for name in ("tracker_url", "database_url", "redis_url")}
    settings = free_settings(tmp_path_factory.mktemp("state"), **urls, each_address="100000 per second")
    environment = {**environment_of(settings), "WHATNOW_TRAINING_URL": databases["WHATNOW_TRAINING_URL"]}
    command = [sys.executable, "-m", "bot.replicas", "--rasa", "1", "--gateways", "1"]
    process = subprocess.Popen(command, cwd=copy, env=environment, start_new_session=True)
    try:
        wait_for(f"{settings.gateway_url}/health", process)
        yield settings, process
    finally:
        stop([process])


def edit(copy: Path) -> None:
    """Make the policy another version."""
    for file in (copy / "knowledge" / "clauses").glob("*.md"):
        file.write_text(file.read_text(encoding="utf8").replace("version: V1", "version: V2"), encoding="utf8")


def test_no_turn_fails_while_the_policy_is_swapped(copy: Path, started) -> None:
    settings, process = started
    versions: list[str] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            answered = WebClient(settings).send(text=PARENT)
            versions.append(answered.json()["reply"]["policy"]["version"] if answered.is_success else answered.text)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for each in threads:
        each.start()
    edit(copy)
    process.send_signal(signal.SIGHUP)
    until = time.monotonic() + 150
    while "".join(versions[-20:]) != "V2" * 20 and time.monotonic() < until:
        time.sleep(0.2)
    over.set()
    for each in threads:
        each.join()

    assert [each for each in versions if each not in ("V1", "V2")] == []
    assert "V1" in versions
    assert versions[-20:] == ["V2"] * 20
