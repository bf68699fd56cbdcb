"""The training record: append-only entries, each bound to the one before by a keyed hash.

Entries name a learner by a random id only; who that is (learners.py) can be erased without breaking the chain.
Progress and entries change in one transaction: nothing is lost or counted twice. SQLite, or PostgreSQL by a URL.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, create_engine, event, insert, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from knowledge.paths import PROJECT
from knowledge.training.learners import Learners, forget
from knowledge.training.tables import ENTRIES, TABLES, TIP

STATE = Path(os.environ.get("WHATNOW_STATE") or PROJECT / ".state")
FIRST = "0" * 64
IMPATIENT = {"connect_timeout": "2", "options": "-c lock_timeout=1500"}  # PostgreSQL's words: staff wait three seconds


class Entry(NamedTuple):
    """One row of the record, its data read."""

    n: int
    at: str
    learner: str
    kind: str
    data: dict[str, Any]
    before: str
    hash: str


class Broken(Exception):
    """The record has been changed: the message names the row."""


def connect(url: str | None = None) -> Engine:
    """Return an engine on the record's database, its tables made where they are missing."""
    url = url or os.environ.get("WHATNOW_TRAINING_URL") or f"sqlite:///{STATE / 'training.db'}"
    if (parts := make_url(url)).get_backend_name() == "sqlite" and parts.database:
        Path(parts.database).parent.mkdir(parents=True, exist_ok=True)
    patience = {**IMPATIENT, **parts.query} if parts.get_backend_name() == "postgresql" else {}
    engine = create_engine(url, pool_pre_ping=True, connect_args=patience)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", careful)
        event.listen(engine, "begin", begin)
    with engine.begin() as open_:
        if engine.dialect.name == "postgresql":  # of several action servers that start at once, one makes them
            open_.exec_driver_sql("SELECT pg_advisory_xact_lock(1)")
        TABLES.create_all(open_)
    with suppress(IntegrityError), engine.begin() as open_:  # there already, or another process was quicker
        open_.execute(insert(TIP), {"id": 1, "n": 0, "hash": FIRST})
    return engine


def careful(connection: Any, _: object) -> None:
    """Have SQLite write to the disk before it says so, and leave transactions to us."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=2000"):
        connection.execute(f"PRAGMA {pragma}")


def begin(connection: Connection) -> None:
    """Take SQLite for ourselves before we read what we then change; who only reads needs no transaction."""
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def load_key(folder: Path = STATE) -> bytes:
    """Return the key of the chain and of certificates, made at its first use; readable by its owner only."""
    path = folder / "training.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()


class Record(Learners):
    """The record of one installation, with its learners. `now` gives the time."""

    def __init__(self, engine: Engine, key: bytes, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(engine, key)
        self.now = now

    def bind(self, *parts: object) -> str:
        """Return the hash that binds an entry to the one before."""
        return hmac.new(self.key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()

    def append(self, open_: Connection, learner: str, kind: str, data: Mapping[str, Any]) -> Entry:
        """Append one entry within a transaction; whoever else appends waits for it to end."""
        tip = open_.execute(select(TIP.c.n, TIP.c.hash).where(TIP.c.id == 1).with_for_update()).one()
        n, before = tip.n + 1, tip.hash
        at, text = self.now().isoformat(timespec="milliseconds"), json.dumps(data, sort_keys=True, ensure_ascii=False)
        bound = self.bind(n, at, learner, kind, text, before)
        row = {"n": n, "at": at, "learner": learner, "kind": kind, "data": text, "before": before, "hash": bound}
        open_.execute(insert(ENTRIES), row)
        moved = update(TIP).where(TIP.c.id == 1).values(n=n, hash=bound)
        open_.execute(moved)
        return Entry(n, at, learner, kind, dict(data), before, bound)

    def entries(self, learner: str | None = None) -> list[Entry]:
        """Return the entries in their order, of one learner or of all."""
        chosen = select(ENTRIES).order_by(ENTRIES.c.n)
        chosen = chosen.where(ENTRIES.c.learner == learner) if learner else chosen
        with self.engine.connect() as open_:
            rows = open_.execute(chosen).all()
        return [Entry(row.n, row.at, row.learner, row.kind, json.loads(row.data), row.before, row.hash) for row in rows]

    def verify(self) -> int:
        """Return how many entries there are, all as they were written.

        Raises:
            Broken: one was changed, taken out or put in; named by its number.
        """
        before, n = FIRST, 0
        with self.engine.connect() as open_:
            for row in open_.execute(select(ENTRIES).order_by(ENTRIES.c.n)):
                n += 1
                bound = self.bind(row.n, row.at, row.learner, row.kind, row.data, row.before)
                if row.n != n:
                    raise Broken(f"entry {n} is missing: after it comes {row.n}")
                if row.before != before or bound != row.hash:
                    raise Broken(f"entry {n} ({row.kind} at {row.at}) is not as it was written")
                before = row.hash
            tip = open_.execute(select(TIP.c.n, TIP.c.hash)).one()
        if (tip.n, tip.hash) != (n, before):
            raise Broken(f"entries after {n} are missing")
        return n

    def erase(self, learner: str) -> Entry:
        """Erase who a learner was; the entries stay, under an id that leads to nobody, with a tombstone after them."""
        with self.engine.begin() as open_:
            forget(open_, learner)
            return self.append(open_, learner, "erased", {})
