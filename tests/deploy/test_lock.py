"""The lock over processes: real Redis, two real processes on Rasa's Python."""

import os
import subprocess
import time

import pytest
import redis

from bot.parts import RASA
from tests.conftest import PROJECT, free_port
from tests.deploy.conftest import Urls

OFTEN, LEASE = 100, 3


def started(program: str, *arguments: str) -> "subprocess.Popen[str]":
    """Start a program on Rasa's Python."""
    command = [str(RASA), "-W", "ignore", "-m", f"tests.rasa_side.{program}", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.Popen(
        command, cwd=PROJECT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.fixture
def url(databases: Urls) -> str:
    """Where Redis is."""
    return databases["WHATNOW_REDIS_URL"]


@pytest.fixture
def store(url: str) -> redis.Redis:
    """An empty Redis."""
    found = redis.Redis.from_url(url, decode_responses=True)
    found.flushall()
    return found


def until_has(store: redis.Redis, what: str) -> None:
    """Wait until this was seen."""
    while what not in store.lrange("seen", 0, -1):
        time.sleep(0.05)


def raised_by_two(kind: str, store: redis.Redis, url: str) -> int:
    """Return what the number has come to, raised by two processes at once."""
    both = [started("hold_locks", kind, url, str(OFTEN)) for _ in range(2)]
    for each in both:
        each.communicate(timeout=90)
    return int(store.get("number"))


def test_two_processes_never_hold_one_lock_at_once(store: redis.Redis, url: str) -> None:
    assert raised_by_two("ours", store, url) == 2 * OFTEN


def test_rasas_own_redis_lock_loses_turns_between_two_processes(store: redis.Redis, url: str) -> None:
    assert raised_by_two("stock", store, url) < 2 * OFTEN


def test_whoever_waits_is_served_in_order_over_two_processes(store: redis.Redis, url: str) -> None:
    for each in [started("wait_in_order", url, which) for which in ("0", "1")]:
        each.communicate(timeout=60)

    assert store.lrange("served", 0, -1) == [str(n) for n in range(20)]


def test_a_turn_longer_than_its_lease_keeps_its_lock(store: redis.Redis, url: str) -> None:
    first = started("hold_on", url, "one", str(2 * LEASE), "30")
    until_has(store, "one has it")
    second = started("hold_on", url, "two", "0", "30")
    first.communicate(timeout=60)
    second.communicate(timeout=60)

    assert store.lrange("seen", 0, -1) == ["one has it", "one leaves it", "two has it", "two leaves it"]


def test_a_killed_process_gives_its_lock_to_the_next(store: redis.Redis, url: str) -> None:
    first = started("hold_on", url, "one", "60", "30")
    until_has(store, "one has it")
    first.kill()
    first.communicate()
    started("hold_on", url, "two", "0", "30").communicate(timeout=30)

    assert store.lrange("seen", 0, -1) == ["one has it", "two has it", "two leaves it"]


def test_a_lock_that_is_never_given_back_ends_the_wait_in_an_error(store: redis.Redis, url: str) -> None:
    first = started("hold_on", url, "one", "60", "30")
    until_has(store, "one has it")
    _, error = started("hold_on", url, "two", "0", "1").communicate(timeout=60)
    first.kill()
    first.communicate()

    assert "no turn within 1 seconds" in error


def test_without_redis_the_wait_ends_in_an_error() -> None:
    gone = f"redis://127.0.0.1:{free_port()}/0"
    _, error = started("hold_on", gone, "one", "0", "30").communicate(timeout=60)

    assert "the lock store does not answer" in error
