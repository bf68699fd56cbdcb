"""What the gateway must know again after a restart: answers by their key, open buttons, forgotten conversations.

SQLite by default, PostgreSQL by setting its URL. What people type is never stored here, only a hash of it.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

from sqlalchemy import (
    JSON,
    Column,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    insert,
    select,
)
from sqlalchemy.engine import make_url

from bot.gateway.answer import Answer, Button
from bot.gateway.patience import bounds, let_the_loop_go_on, soon

Given = ParamSpec("Given")
Found = TypeVar("Found")
TABLES = MetaData()
ANSWERS = Table(
    "answers",
    TABLES,
    Column("conversation", String(64), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("said", String(64), nullable=False),
    Column("answer", JSON, nullable=False),
    Column("at", Float, nullable=False, index=True),
)
BUTTONS = Table(
    "buttons",
    TABLES,
    Column("conversation", String(64), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("title", String, nullable=False),
    Column("payload", String, nullable=False),
    Column("at", Float, nullable=False, index=True),
)
FORGOTTEN = Table(
    "forgotten", TABLES, Column("conversation", String(64), primary_key=True), Column("at", Float, nullable=False)
)


INBOX = Table(
    "inbox",
    TABLES,
    Column("channel", String(16), primary_key=True),
    Column("event", String(200), primary_key=True),
    Column("job", LargeBinary),
    Column("until", Float, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("at", Float, nullable=False, index=True),
)


def connect(url: str) -> Engine:
    """Return an engine on the database, with its tables made where they are missing."""
    if (parts := make_url(url)).get_backend_name() == "sqlite" and parts.database:
        Path(parts.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_pre_ping=True, **bounds(parts))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", quick)
        event.listen(engine, "checkout", let_the_loop_go_on)
    with engine.begin() as open_:
        if engine.dialect.name == "postgresql":  # of several gateways that start at once, one makes them
            open_.exec_driver_sql("SELECT pg_advisory_xact_lock(1)")
        TABLES.create_all(open_)
    return engine


def quick(connection: Any, _: object) -> None:
    """Let SQLite write ahead: a commit costs no wait for the disk, and survives a killed process."""
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


class Known(NamedTuple):
    """What is known before a turn.

    Attributes:
        forgotten: whether the conversation was forgotten.
        answered: (hash of what was said, answer) where its key was used before.
        button: the button that was clicked, where it is open in this very conversation.
    """

    forgotten: bool
    answered: tuple[str, dict[str, Any]] | None
    button: Button | None


class Store:
    """The tables, as the turns use them. `now` gives the time in seconds."""

    def __init__(self, engine: Engine, now: Callable[[], float] = time.time) -> None:
        self.engine, self.now = engine, now
        self.reading = engine.execution_options(isolation_level="AUTOCOMMIT")  # no transaction to begin and end

    async def soon(self, work: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
        """Do some of this store's work."""
        return await soon(self.engine, work, *given, **named)

    def known(self, conversation: str, key: str, button: str) -> Known:
        """Return all that a turn must know before it is taken, in one reading."""
        answered = select(ANSWERS.c.said, ANSWERS.c.answer).where(
            ANSWERS.c.conversation == conversation, ANSWERS.c.key == key
        )
        offered = select(BUTTONS).where(BUTTONS.c.conversation == conversation, BUTTONS.c.id == button)
        with self.reading.connect() as open_:
            forgotten = open_.execute(select(FORGOTTEN.c.at).where(FORGOTTEN.c.conversation == conversation)).first()
            before = open_.execute(answered).first()
            found = open_.execute(offered).first() if button else None
        return Known(
            forgotten is not None,
            (before.said, before.answer) if before else None,
            Button(found.id, found.title, found.payload) if found else None,
        )

    def keep(self, conversation: str, key: str, said: str, answer: Answer) -> None:
        """Keep an answer under its key; its buttons are open now, and earlier ones closed unless it was an aside."""
        at = self.now()
        rows = [
            {"conversation": conversation, "id": each.id, "title": each.title, "payload": each.payload, "at": at}
            for each in answer.buttons
        ]
        kept = {"conversation": conversation, "key": key, "said": said, "answer": answer.as_json(), "at": at}
        with self.engine.begin() as open_:
            if not answer.aside:
                open_.execute(delete(BUTTONS).where(BUTTONS.c.conversation == conversation))
            if rows:
                open_.execute(insert(BUTTONS), rows)
            open_.execute(insert(ANSWERS), kept)

    def clear(self, conversation: str) -> None:
        """Drop a conversation's answers and buttons; it goes on."""
        with self.engine.begin() as open_:
            for table in (ANSWERS, BUTTONS):
                open_.execute(delete(table).where(table.c.conversation == conversation))

    def forget(self, conversation: str) -> None:
        """Forget a conversation: its answers and buttons go, and its token opens nothing any more."""
        with self.engine.begin() as open_:
            for table in (ANSWERS, BUTTONS, FORGOTTEN):
                open_.execute(delete(table).where(table.c.conversation == conversation))
            open_.execute(insert(FORGOTTEN), {"conversation": conversation, "at": self.now()})

    def purge(self, seconds: float) -> None:
        """Drop whatever is older than this: no token can open it any more."""
        with self.engine.begin() as open_:
            for table in (ANSWERS, BUTTONS, FORGOTTEN, INBOX):
                open_.execute(delete(table).where(table.c.at < self.now() - seconds))
