"""Write the endpoints that Rasa reads at a start: where its actions are, its conversations, and its locks.

With a tracker URL conversations are kept in PostgreSQL, with a Redis URL locks hold over several Rasa processes;
without them both are in Rasa's own memory. The file holds passwords and the word by which the action server knows
Rasa: its owner alone can read it.
"""

import json
import secrets
from pathlib import Path
from typing import Any, Dict

from sqlalchemy.engine import make_url

from bot.gateway.line import HEADER
from bot.gateway.patience import OWN_CLOCK, PATIENCE
from bot.secret import line_word, load_secret
from bot.settings import Settings

TRACKER_IN_SQL = "bot.tracker.MaskedSQL"
TRACKER_IN_MEMORY = "bot.tracker.MaskedMemory"
LOCKS_IN_REDIS = "bot.lock.RedisLocks"
IMPATIENT = {"connect_timeout": str(PATIENCE), "options": OWN_CLOCK}


def endpoints(settings: Settings) -> Dict[str, Any]:
    """Return the endpoints that these settings call for."""
    word = line_word(load_secret(settings.state))
    tracker = {"type": TRACKER_IN_SQL, "url": impatient(settings.tracker_url)} if settings.tracker_url else None
    found = {
        "action_endpoint": {"url": f"http://127.0.0.1:{settings.actions_port}/webhook", "headers": {HEADER: word}},
        "tracker_store": tracker or {"type": TRACKER_IN_MEMORY},
    }
    if settings.redis_url:
        found["lock_store"] = {"type": LOCKS_IN_REDIS, "url": settings.redis_url}
    return found


def impatient(database: str) -> str:
    """Return a database's URL by which nobody waits there for longer than staff wait for a word.

    What the URL itself says stands.
    """
    url = make_url(database)
    if url.get_backend_name() != "postgresql":
        return database
    return url.set(query={**IMPATIENT, **url.query}).render_as_string(hide_password=False)


def write_endpoints(settings: Settings) -> Path:
    """Write the endpoints into the state's folder; return where. Never half a file, whoever starts at the same time."""
    settings.state.mkdir(parents=True, exist_ok=True)
    path = settings.state / "endpoints.yml"
    fresh = path.with_suffix(f".{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(endpoints(settings), indent=2), encoding="utf8")  # in quotes Rasa fills in nothing
    fresh.replace(path)
    return path
