"""Let go of what is too old, and of its traces: what SQLite has deleted stays in its file until it is written anew.

The gateway does it at its start and every hour, and the erasure of a person does it at once.
"""

from sqlalchemy import Engine

from bot.gateway.persons import Persons
from bot.gateway.store import Store
from bot.settings import Settings


def sweep(store: Store, settings: Settings) -> None:
    """Drop what no token can open any more, and who was in conversations of which Rasa holds nothing any more.

    Raises:
        SQLAlchemyError: the database cannot be reached, or is written to for too long by another.
    """
    seconds = int(settings.session_hours * 3600)
    store.purge(seconds)
    Persons(store.engine, store.now).purge(max(seconds, settings.keep_hours * 3600))
    scrub(store.engine)


def scrub(engine: Engine) -> bool:
    """Write an SQLite file anew without what was deleted; False where somebody who reads keeps a trace of it.

    Raises:
        SQLAlchemyError: the database cannot be reached, or is written to for too long by another.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as open_:
        open_.exec_driver_sql("VACUUM")
        return not open_.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
