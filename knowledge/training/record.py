"""The training record: append-only entries, each bound to the one before by a keyed hash, and what may change beside.

Entries name a learner by a random id only; the name stands in `learners` and can be erased without breaking the chain.
Progress and entries change in one transaction: nothing is lost or counted twice. SQLite, or PostgreSQL by a URL.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from knowledge.paths import PROJECT

STATE = Path(os.environ.get("WHATNOW_STATE") or PROJECT / ".state")
FIRST = "0" * 64
TABLES = MetaData()
ENTRIES = Table(
    "entries",
    TABLES,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("learner", String(32), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("data", Text, nullable=False),
    Column("before", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
TIP = Table("tip", TABLES, Column("id", Integer, primary_key=True), Column("n", Integer), Column("hash", String(64)))
LEARNERS = Table(
    "learners",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("person", String(200), unique=True),
    Column("name", String(200)),
    Column("code", String(64), unique=True),
    Column("recorded", Boolean, nullable=False),
    Column("progress", Text),
    Column("step", Integer, nullable=False),
)
PLACES = Table(
    "places", TABLES, Column("conversation", String(200), primary_key=True), Column("learner", String(32), index=True)
)
OUTBOX = Table("outbox", TABLES, Column("n", Integer, primary_key=True, autoincrement=False), Column("statement", Text))


class Entry(NamedTuple):
    """One row of the record, its data read."""

    n: int
    at: str
    learner: str
    kind: str
    data: dict[str, Any]
    before: str
    hash: str


class Learner(NamedTuple):
    """One learner: a random id, what may be erased, and where they are in training."""

    id: str
    person: str | None
    name: str | None
    recorded: bool
    progress: str | None
    step: int


class Elsewhere(Exception):
    """The learner has taken this step on another device."""


class Broken(Exception):
    """The record has been changed: the message names the row."""


def connect(url: str | None = None) -> Engine:
    """Return an engine on the record's database, its tables made where they are missing."""
    url = url or os.environ.get("WHATNOW_TRAINING_URL") or f"sqlite:///{STATE / 'training.db'}"
    if (parts := make_url(url)).get_backend_name() == "sqlite" and parts.database:
        Path(parts.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", careful)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    TABLES.create_all(engine)
    with suppress(IntegrityError), engine.begin() as open_:  # there already, or another process was quicker
        open_.execute(insert(TIP), {"id": 1, "n": 0, "hash": FIRST})
    return engine


def careful(connection: Any, _: object) -> None:
    """Have SQLite write to the disk before it says so, and leave transactions to us."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=2000"):
        connection.execute(f"PRAGMA {pragma}")


def load_key(folder: Path = STATE) -> bytes:
    """Return the key of the chain and of certificates, made at its first use; readable by its owner only."""
    path = folder / "training.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()


class Record:
    """The record of one installation. `now` gives the time."""

    def __init__(self, engine: Engine, key: bytes, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.engine, self.key, self.now = engine, key, now

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

    # Learners

    def learner_at(self, conversation: str, person: str | None) -> Learner | None:
        """Return who speaks: by their identity where the channel gives one, or by the conversation they are in."""
        chosen = select(LEARNERS)
        if person:
            chosen = chosen.where(LEARNERS.c.person == person)
        else:
            chosen = chosen.join(PLACES, PLACES.c.learner == LEARNERS.c.id).where(PLACES.c.conversation == conversation)
        with self.engine.connect() as open_:
            row = open_.execute(chosen).first()
        return as_learner(row) if row else None

    def begin(self, conversation: str, person: str | None, name: str | None) -> Learner:
        """Return a new learner, recorded at once where the channel says who it is."""
        fresh = Learner(secrets.token_hex(16), person, name, person is not None, None, 0)
        with self.engine.begin() as open_:
            open_.execute(insert(LEARNERS), {**fresh._asdict(), "code": None})
            place(open_, conversation, fresh.id)
        return fresh

    def name(self, learner: Learner, name: str) -> str:
        """Give a learner a name, so that a record is kept; return the code by which they can take it up elsewhere."""
        code = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
        with self.engine.begin() as open_:
            named = {"name": name, "recorded": True, "code": self.hidden(code)}
            open_.execute(update(LEARNERS).where(LEARNERS.c.id == learner.id).values(**named))
        return code

    def take_up(self, conversation: str, code: str) -> Learner | None:
        """Bind a conversation to the learner whose code this is; None where it is nobody's."""
        with self.engine.begin() as open_:
            row = open_.execute(select(LEARNERS).where(LEARNERS.c.code == self.hidden(code))).first()
            if row:
                place(open_, conversation, row.id)
        return as_learner(row) if row else None

    def hidden(self, code: str) -> str:
        """Return what is kept of a code."""
        return hmac.new(self.key, code.upper().encode(), hashlib.sha256).hexdigest()

    @contextmanager
    def step(self, learner: Learner, progress: str) -> Iterator[Connection]:
        """Move a learner on, with whatever is appended within, or not at all.

        Raises:
            Elsewhere: the learner's step was taken on another device meanwhile.
        """
        moved = update(LEARNERS).where(LEARNERS.c.id == learner.id, LEARNERS.c.step == learner.step)
        with self.engine.begin() as open_:
            if open_.execute(moved.values(progress=progress, step=learner.step + 1)).rowcount != 1:
                raise Elsewhere
            yield open_

    def names(self) -> dict[str, str]:
        """Return the names that have not been erased, by learner."""
        with self.engine.connect() as open_:
            rows = open_.execute(select(LEARNERS.c.id, LEARNERS.c.name).where(LEARNERS.c.recorded)).all()
        return {row.id: row.name or "(no name)" for row in rows}

    def erase(self, learner: str) -> Entry:
        """Erase who a learner was; the entries stay, under an id that leads to nobody, with a tombstone after them."""
        with self.engine.begin() as open_:
            open_.execute(delete(LEARNERS).where(LEARNERS.c.id == learner))
            open_.execute(delete(PLACES).where(PLACES.c.learner == learner))
            return self.append(open_, learner, "erased", {})


LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that is taken for another


def place(open_: Connection, conversation: str, learner: str) -> None:
    """Note in which conversation a learner is."""
    open_.execute(delete(PLACES).where(PLACES.c.conversation == conversation))
    open_.execute(insert(PLACES), {"conversation": conversation, "learner": learner})


def as_learner(row: Any) -> Learner:
    """Return a row as a learner."""
    return Learner(row.id, row.person, row.name, row.recorded, row.progress, row.step)
