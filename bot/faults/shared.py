"""Faults of what several replicas share: PostgreSQL and Redis, gone, hung, locked, or with no room left.

Each is brought about from outside and undone when it is left: nobody but the databases' own keeper starts them again.
What staff get is not looked at here.
"""

import contextlib
import subprocess
from typing import Callable, Dict, Iterator, List

import psutil
from sqlalchemy import create_engine, text

from bot.databases import Databases
from bot.faults.whole import Fault, Whole

Family = Callable[[], List[psutil.Process]]


def gone(databases: Databases, family: Family) -> Fault:
    """Return the fault of a database that is killed, and started again afterwards."""

    @contextlib.contextmanager
    def fault(_: Whole) -> Iterator[None]:
        killed = family()
        for each in killed:
            each.kill()
        psutil.wait_procs(killed, timeout=10)
        try:
            yield
        finally:
            databases.start()

    return fault


def hung(family: Family) -> Fault:
    """Return the fault of a database that takes what it is sent and answers nothing."""

    @contextlib.contextmanager
    def fault(_: Whole) -> Iterator[None]:
        for each in (found := family()):
            each.suspend()
        try:
            yield
        finally:
            for each in reversed(found):
                each.resume()

    return fault


def locked(databases: Databases, table: str) -> Fault:
    """Return the fault of a table that somebody holds, as a migration that hangs would."""

    @contextlib.contextmanager
    def fault(_: Whole) -> Iterator[None]:
        engine = create_engine(databases.urls["WHATNOW_DATABASE_URL"])
        with engine.connect() as holding:
            holding.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
            yield
        engine.dispose()

    return fault


def full(databases: Databases) -> Fault:
    """Return the fault of a PostgreSQL whose files grow no more, as on a full disk; it stops by itself then."""

    @contextlib.contextmanager
    def fault(_: Whole) -> Iterator[None]:
        for each in databases.postgresql():
            subprocess.run([*databases.owner(), "prlimit", "--pid", str(each.pid), "--fsize=0:"], check=True)
        try:
            yield
        finally:
            killed = databases.postgresql()
            for each in killed:
                each.kill()
            psutil.wait_procs(killed, timeout=10)
            databases.start()

    return fault


SHARED: Dict[str, Callable[[Databases], Fault]] = {
    "Redis gone": lambda ours: gone(ours, ours.redis),
    "Redis hung": lambda ours: hung(ours.redis),
    "PostgreSQL gone": lambda ours: gone(ours, ours.postgresql),
    "PostgreSQL hung": lambda ours: hung(ours.postgresql),
    "Rasa's conversations locked": lambda ours: locked(ours, "events"),
    "gateway's answers locked": lambda ours: locked(ours, "answers"),
    "training record locked": lambda ours: locked(ours, "learners"),
    "PostgreSQL's disk full": full,
}
