"""What Rasa is told at a start: where its actions, its conversations and its locks are."""

import stat
from pathlib import Path

import yaml
from sqlalchemy.engine import make_url

from bot.endpoints import write_endpoints
from bot.secret import line_word, load_secret
from bot.settings import Settings

TRACKER = "postgresql://whatnow:a$${HOME}b@127.0.0.1/whatnow"


def told(folder: Path, **urls: str) -> dict[str, dict[str, str]]:
    """Return what the file says."""
    return yaml.safe_load(write_endpoints(Settings(state=folder, actions_port=5055, **urls)).read_text())


def test_without_databases_conversations_and_locks_are_in_memory(tmp_path) -> None:
    found = told(tmp_path)

    assert found["action_endpoint"]["url"] == "http://127.0.0.1:5055/webhook"
    assert found["action_endpoint"]["headers"] == {"X-Whatnow-Line": line_word(load_secret(tmp_path))}
    assert found["tracker_store"] == {"type": "bot.tracker.MaskedMemory"}
    assert "lock_store" not in found


def test_with_databases_conversations_and_locks_are_there(tmp_path) -> None:
    found = told(tmp_path, tracker_url=TRACKER, redis_url="redis://127.0.0.1/0")

    url = make_url(found["tracker_store"]["url"])
    assert found["tracker_store"]["type"] == "bot.tracker.MaskedSQL"
    assert (url.password, url.host, url.database) == ("a$${HOME}b", "127.0.0.1", "whatnow")
    assert found["lock_store"] == {"type": "bot.lock.RedisLocks", "url": "redis://127.0.0.1/0"}


def test_a_turn_waits_no_longer_for_postgresql_than_staff_wait(tmp_path) -> None:
    url = make_url(told(tmp_path, tracker_url=TRACKER)["tracker_store"]["url"])

    assert url.query == {"connect_timeout": "2", "options": "-c statement_timeout=2000 -c lock_timeout=2000"}


def test_what_a_url_says_itself_stands(tmp_path) -> None:
    url = make_url(told(tmp_path, tracker_url=f"{TRACKER}?connect_timeout=9")["tracker_store"]["url"])

    assert url.query["connect_timeout"] == "9"


def test_only_its_owner_can_read_it(tmp_path) -> None:
    path = write_endpoints(Settings(state=tmp_path, tracker_url=TRACKER))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_left_beside_it(tmp_path) -> None:
    told(tmp_path)
    told(tmp_path)

    assert sorted(each.name for each in tmp_path.iterdir()) == ["endpoints.yml", "secret"]
