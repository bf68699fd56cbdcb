"""Two of each part behind the stock proxy, over PostgreSQL and Redis: one is killed, and nobody notices."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import psutil
import psycopg
import pytest
import redis

from bot.process import stop, wait_for
from bot.secret import line_word, load_secret
from bot.settings import Settings
from tests.bot.web_client import WebClient
from tests.conftest import PROJECT, environment_of, free_settings
from tests.deploy.conftest import Urls

pytestmark = pytest.mark.server
VAGUE = "someone sent me a friend request"
FAR = 10**15
Messages = list[dict[str, Any]]


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so; a minute is too long."""
    limit = time.monotonic() + 60
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.01)


def listens(part: psutil.Process) -> bool:
    """Say whether a part has opened its port."""
    return any(each.status == psutil.CONN_LISTEN for each in part.net_connections("tcp"))


class Replicas:
    """A replica set as it runs, from outside."""

    def __init__(self, settings: Settings, process: "subprocess.Popen[bytes]") -> None:
        """Look at this one."""
        self.settings, self.process = settings, psutil.Process(process.pid)
        self.redis = redis.Redis.from_url(settings.redis_url)
        self.word = {"X-Whatnow-Line": line_word(load_secret(settings.state))}

    def of(self, *words: str) -> list[psutil.Process]:
        """Return the parts whose command has these words."""
        alive = [each for each in self.process.children() if each.status() != psutil.STATUS_ZOMBIE]
        return [each for each in alive if set(words) <= set(each.cmdline())]

    def both(self, *words: str) -> list[psutil.Process]:
        """Return the two parts of a kind, once two have opened their port, whatever was killed before."""
        until(lambda: len([each for each in self.of(*words) if listens(each)]) == 2)
        return self.of(*words)

    def rasas(self) -> list[str]:
        """Return the address of each Rasa's line."""
        ports = [(line := each.cmdline())[line.index("--port") + 1] for each in self.both("rasa", "run")]
        return [f"http://127.0.0.1:{port}/webhooks/line/" for port in ports]

    def say(self, sender: str, text: str, key: str, line: str = "") -> Messages:
        """Say something to one Rasa, or to that which the proxy chooses, as a gateway does."""
        body = {"sender": sender, "channel": "web", "text": text, "click": False, "key": key}
        answered = httpx.post(f"{line or self.settings.line_url}say", json=body, headers=self.word, timeout=60)
        return answered.raise_for_status().json()

    def kept(self, sender: str) -> list[str]:
        """Return the keys of a conversation's messages as the tracker store has them, in order."""
        asked = "SELECT data FROM events WHERE sender_id = %s AND type_name = 'user' ORDER BY id"
        with psycopg.connect(self.settings.tracker_url) as open_:
            return [json.loads(data)["message_id"] for (data,) in open_.execute(asked, [sender])]

    @contextmanager
    def busy(self, sender: str) -> Iterator[None]:
        """Hold a conversation's lock, as a long turn does."""
        queue, leases = (f"whatnow:turn:{{{sender}}}:{part}" for part in ("queue", "leases"))
        self.redis.zadd(queue, {"test": 0})
        self.redis.zadd(leases, {"test": FAR})
        yield
        self.redis.zrem(queue, "test")

    def until_waiting(self, sender: str, count: int) -> None:
        """Wait until so many wait for a conversation's lock, behind the one that holds it."""
        until(lambda: self.waiting(sender) == count)

    def waiting(self, sender: str) -> int:
        """Return how many wait for a conversation's lock."""
        return self.redis.zcard(f"whatnow:turn:{{{sender}}}:queue") - 1


@pytest.fixture(scope="module")
def replicas(databases: Urls, tmp_path_factory) -> Iterator[Replicas]:
    """The replica set, as `python -m bot.replicas` starts it."""
    urls = {name: databases[f"WHATNOW_{name.upper()}"] for name in ("tracker_url", "database_url", "redis_url")}
    settings = free_settings(tmp_path_factory.mktemp("state"), **urls)
    environment = {**environment_of(settings), "WHATNOW_TRAINING_URL": databases["WHATNOW_TRAINING_URL"]}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.replicas"], cwd=PROJECT, env=environment, start_new_session=True
    )
    try:
        wait_for(f"{settings.gateway_url}/health", process)
        yield Replicas(settings, process)
    finally:
        stop([process])


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Ten callers at once."""
    with ThreadPoolExecutor(10) as found:
        yield found


def situation(messages: Messages) -> str:
    """Return the procedure that a reply follows."""
    return messages[0]["custom"]["matches"][0]["procedure"]


def test_a_conversation_goes_on_at_another_rasa(replicas: Replicas) -> None:
    first, second = replicas.rasas()
    replicas.say("goes-on", VAGUE, "key-1", first)

    assert situation(replicas.say("goes-on", "a pupil", "key-2", second)) == "pupil_friend_request"


def test_ten_messages_at_once_are_taken_in_the_order_they_came(replicas: Replicas, pool: ThreadPoolExecutor) -> None:
    keys, answers = [f"key-{n}" for n in range(10)], []
    with replicas.busy("ten"):
        for n, key in enumerate(keys):
            answers.append(pool.submit(replicas.say, "ten", "hello", key, replicas.rasas()[n % 2]))
            replicas.until_waiting("ten", n + 1)

    assert [each.result()[0]["custom"]["type"] for each in answers] == ["small_talk"] * 10
    assert replicas.kept("ten") == keys


def test_one_key_said_to_both_rasas_at_once_is_taken_once(replicas: Replicas, pool: ThreadPoolExecutor) -> None:
    with replicas.busy("twice"):
        answers = [pool.submit(replicas.say, "twice", VAGUE, "key-1", line) for line in replicas.rasas()]
        replicas.until_waiting("twice", 2)
    first, second = (each.result() for each in answers)

    assert first == second
    assert replicas.kept("twice") == ["key-1"]


def test_a_rasa_killed_in_the_midst_of_a_turn_is_not_noticed(replicas: Replicas, pool: ThreadPoolExecutor) -> None:
    senders = ("killed-1", "killed-2")  # the proxy gives each Rasa one of them
    with replicas.busy(senders[0]), replicas.busy(senders[1]):
        answers = [pool.submit(replicas.say, sender, VAGUE, "key-1") for sender in senders]
        for sender in senders:
            replicas.until_waiting(sender, 1)
        replicas.both("rasa", "run")[0].kill()
        until(lambda: any(replicas.waiting(sender) == 2 for sender in senders))  # the dead one's, and the same again
    asked = [each.result()[0]["custom"]["type"] for each in answers]

    assert asked == ["question", "question"]
    assert [replicas.kept(sender) for sender in senders] == [["key-1"], ["key-1"]]


@pytest.mark.parametrize("words", [("rasa", "run"), ("actions.serve",), ("bot.gateway.serve",)])
def test_a_part_killed_between_two_turns_is_not_noticed(words: tuple[str, ...], replicas: Replicas) -> None:
    web = WebClient(replicas.settings)
    web.say(VAGUE)
    replicas.both(*words)[0].kill()

    assert web.say("a pupil")["reply"]["matches"][0]["procedure"] == "pupil_friend_request"
    assert web.say("thanks")["reply"]["type"] == "small_talk"
