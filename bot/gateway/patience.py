"""Wait for a database for two seconds and no longer: whoever has written to us must be told something within three.

All that anybody waits for goes through `soon`. It knows no table.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar

import anyio
from anyio import to_thread
from sqlalchemy import URL, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as GivenUp

PATIENCE = 2  # seconds
MILLISECONDS = PATIENCE * 1000
OWN_CLOCK = f"-c statement_timeout={MILLISECONDS} -c lock_timeout={MILLISECONDS}"  # PostgreSQL's words
Given = ParamSpec("Given")
Found = TypeVar("Found")


def let_the_loop_go_on(connection: Any, *_: object) -> None:
    """Have SQLite wait for another writer, but not within the loop: everybody would wait. There soon() tries again."""
    connection.execute(f"PRAGMA busy_timeout={0 if is_in_loop() else MILLISECONDS}")


def is_in_loop() -> bool:
    """Say whether a loop runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def soon(engine: Engine, work: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
    """Do some of a database's work: at once where it is a file here, beside the loop where it is far.

    Raises:
        SQLAlchemyError: it cannot be done now, or has not come back in time; then it may still be done later.
    """
    whole = partial(work, *given, **named)
    if engine.dialect.name == "sqlite":
        return await at_once(whole)
    try:
        with anyio.fail_after(PATIENCE):
            return await to_thread.run_sync(whole, abandon_on_cancel=True)
    except TimeoutError as error:
        raise GivenUp("the database does not come back") from error


async def at_once(work: Callable[[], Found]) -> Found:
    """Do some work on a file here, again and again while somebody else writes to it, until our patience ends."""
    until, pause = time.monotonic() + PATIENCE, 0.01
    while True:
        try:
            return work()
        except OperationalError as error:
            if not is_locked(error) or time.monotonic() > until:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, 0.1)


def is_locked(error: OperationalError) -> bool:
    """Say whether somebody else writes to the file just now."""
    code = error.orig.sqlite_errorcode if isinstance(error.orig, sqlite3.OperationalError) else 0
    return code & 0xFF == sqlite3.SQLITE_BUSY  # its extended codes say in which way


def bounds(url: URL) -> dict[str, Any]:
    """Return what ends a far database's work: its own clock, and where its machine is gone, that of the connection.

    A database that hangs and keeps its connections open ends nothing: soon() gives up on it.
    """
    if url.get_backend_name() != "postgresql":
        return {}
    options = " ".join([*url.normalized_query.get("options", ()), OWN_CLOCK])
    gone = {"tcp_user_timeout": MILLISECONDS, "keepalives_idle": PATIENCE, "keepalives_interval": PATIENCE}
    return {"connect_args": {"connect_timeout": PATIENCE, "options": options, **gone}, "pool_timeout": PATIENCE}
