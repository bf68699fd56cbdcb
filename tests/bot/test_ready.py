"""Whether the gateway lives, and whether all that an answer needs is there: no part that is down is told to be up."""

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from bot.parts import rasa_part
from bot.process import start, stop, wait_for
from bot.settings import Settings
from tests.conftest import free_port, gateway_alone

ALL = {"ready": True, "rasa": True, "actions": True, "database": True}


def asked(settings: Settings) -> tuple[int, dict[str, bool]]:
    """Return what a gateway says of its readiness."""
    answered = httpx.get(f"{settings.gateway_url}/ready", timeout=30)
    return answered.status_code, answered.json()


def another(server: Settings, folder: Path, **others: int) -> Settings:
    """Return the settings of one more gateway in front of the same servers, or of others."""
    ports = {"rasa_port": server.rasa_port, "actions_port": server.actions_port, "port": free_port()}
    return Settings(state=folder, **{**ports, **others})


@pytest.mark.server
def test_with_every_part_there_it_is_ready(server: Settings) -> None:
    assert asked(server) == (200, ALL)


@pytest.mark.server
@pytest.mark.parametrize(("port", "part"), [("rasa_port", "rasa"), ("actions_port", "actions")])
def test_a_part_that_is_not_there_is_named(server: Settings, tmp_path, port: str, part: str) -> None:
    with gateway_alone(another(server, tmp_path, **{port: free_port()})) as settings:
        assert asked(settings) == (503, {**ALL, "ready": False, part: False})


@pytest.mark.server
def test_a_database_that_takes_nothing_is_named_until_it_does(server: Settings, tmp_path) -> None:
    with gateway_alone(another(server, tmp_path)) as settings:
        with closing(sqlite3.connect(tmp_path / "gateway.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            held = asked(settings)
        assert held == (503, {**ALL, "ready": False, "database": False})
        assert asked(settings) == (200, ALL)


def test_a_database_without_its_tables_is_named(tmp_path) -> None:
    with gateway_alone(Settings(state=tmp_path, port=free_port())) as settings:
        with closing(sqlite3.connect(tmp_path / "gateway.db")) as other:
            other.execute("DROP TABLE looks")

        assert asked(settings)[1]["database"] is False


@pytest.mark.server
def test_a_rasa_without_a_model_is_not_there(server: Settings, tmp_path) -> None:
    settings = another(server, tmp_path, rasa_port=free_port())
    part = rasa_part(settings, settings.rasa_port)
    no_model = tmp_path / "broken.tar.gz"
    no_model.write_bytes(b"no model")
    command = [str(no_model) if each.endswith(".tar.gz") else each for each in part.command]
    rasa = start(command, tmp_path / "rasa.log", **part.environment)
    try:
        wait_for(settings.rasa_url, rasa)
        with gateway_alone(settings):
            assert asked(settings) == (503, {**ALL, "ready": False, "rasa": False})
    finally:
        stop([rasa])


def test_the_process_says_that_it_lives_with_every_part_down(tmp_path) -> None:
    with gateway_alone(
        Settings(state=tmp_path, rasa_port=free_port(), actions_port=free_port(), port=free_port())
    ) as settings:
        assert httpx.get(f"{settings.gateway_url}/health").json() == {"status": "ok"}
        assert asked(settings)[0] == 503
