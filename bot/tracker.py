"""Rasa's conversations, kept masked, no longer than needed, and erasable: in memory or in a SQL database.

The turn itself works on the raw words; what is saved is a masked copy (bot/kept.py), and the conversation in hand is
never changed. A conversation is erased WHATNOW_KEEP_HOURS after its last message, by this program itself.
Where the database is gone, locked or full a turn fails, and staff get the safe words: it never answers from a
conversation that it could not read.
"""

import asyncio
import json
import logging
import os
import threading
import time
from typing import Any, Coroutine, Dict, Iterable, Iterator, List, NamedTuple, Optional, TypeVar

import sqlalchemy
from rasa.core import agent
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore, create_engine_kwargs
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot import quiet_log
from bot.kept import KEPT, bounded, masked, told

HOURS = "WHATNOW_KEEP_HOURS"
SECONDS_BETWEEN = 300.0
PATIENCE = 2.0  # seconds: who waits for a turn hears the safe words after three
Found = TypeVar("Found")
logger = logging.getLogger(__name__)
quiet_log.install()


def keep_seconds() -> float:
    """Return for how long a conversation is kept after its last message."""
    return float(os.environ.get(HOURS) or 24) * 3600


def sweep(store: Any) -> None:
    """Start a thread that erases what is too old, for as long as the program runs."""
    between = min(SECONDS_BETWEEN, max(1.0, keep_seconds() / 10))

    def sweeping() -> None:
        while True:
            try:
                store.forget_old()
            except sqlalchemy.exc.SQLAlchemyError as error:  # the database is gone just now: it comes again
                logger.warning("what is too old is not erased yet: %s", type(error).__name__)
            time.sleep(between)

    threading.Thread(target=sweeping, name="forget-old", daemon=True).start()


async def beside(work: Coroutine[Any, Any, Found]) -> Found:
    """Do a database's work beside the loop, which goes on for everybody else.

    Raises:
        asyncio.TimeoutError: the database is there and does not answer.
    """
    return await asyncio.wait_for(asyncio.to_thread(asyncio.run, work), PATIENCE)


class Kept(NamedTuple):
    """A conversation in memory: when it was saved last, and its events as JSON."""

    at: float
    events: List[str]


class MaskedMemory(InMemoryTrackerStore):
    """Conversations in memory: the last events of each, masked. A turn's cost does not grow with the conversation."""

    def __init__(self, domain: Any, event_broker: Any = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.kept: Dict[str, Kept] = {}
        sweep(self)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep a masked copy; what was kept before is kept as it is."""
        before = set(self.kept[tracker.sender_id].events) if tracker.sender_id in self.kept else set()
        events = bounded([event.as_dict() for event in tracker.events])
        lines = [json.dumps(event) for event in events]
        new = [event for event, line in zip(events, lines, strict=True) if line not in before]
        secrets = told(new)
        fresh = iter([json.dumps(masked(event, secrets)) for event in new])
        kept = [line if line in before else next(fresh) for line in lines]
        self.kept[tracker.sender_id] = Kept(time.time(), kept)

    async def _retrieve(self, sender_id: str, **_: bool) -> Optional[DialogueStateTracker]:
        kept = self.kept.get(sender_id)
        if kept is None:
            return None
        return DialogueStateTracker.from_dict(sender_id, [json.loads(line) for line in kept.events], self.domain.slots)

    async def keys(self) -> Iterable[str]:
        """Return whose conversations are kept."""
        return list(self.kept)

    def forget(self, sender_id: str) -> None:
        """Erase a conversation."""
        self.kept.pop(sender_id, None)

    def forget_old(self) -> None:
        """Erase the conversations whose time is over."""
        until = time.time() - keep_seconds()
        for sender_id, kept in list(self.kept.items()):
            if kept.at < until:
                self.forget(sender_id)


class MaskedSQL(SQLTrackerStore):
    """Conversations in a SQL database: the last events of each, masked."""

    engine: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        url = self.engine.url
        self.engine = sqlalchemy.create_engine(url, pool_pre_ping=True, **create_engine_kwargs(url))
        self.sessionmaker = sqlalchemy.orm.sessionmaker(bind=self.engine)
        if self.engine.dialect.name == "sqlite":
            sqlalchemy.event.listen(self.engine, "connect", lambda link, _: link.execute("PRAGMA secure_delete=ON"))
        sweep(self)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the new events, masked; then keep only as many as are needed.

        Raises:
            asyncio.TimeoutError: the database does not answer.
        """
        await beside(self._save(tracker))

    async def _retrieve(self, *asked: Any, **how: Any) -> Optional[DialogueStateTracker]:
        return await beside(super()._retrieve(*asked, **how))

    async def _save(self, tracker: DialogueStateTracker) -> None:
        await super().save(tracker)
        with self.session_scope() as session:
            self._shorten(session, tracker.sender_id)
            session.commit()

    def _additional_events(self, session: Any, tracker: DialogueStateTracker) -> Iterator[Event]:
        events = [event.as_dict() for event in super()._additional_events(session, tracker)]
        secrets = told(events)
        return iter([Event.from_parameters(masked(event, secrets)) for event in events])

    def _shorten(self, session: Any, sender_id: str) -> None:
        rows = self._of(session, sender_id)
        if rows.count() <= 2 * KEPT:
            return
        events = bounded([json.loads(row.data) for row in rows.order_by(self.SQLEvent.id)])
        rows.delete()
        session.add_all([self._row(sender_id, event) for event in events])

    def _of(self, session: Any, sender_id: str) -> Any:
        return session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id)

    def _row(self, sender_id: str, event: Dict[str, Any]) -> Any:
        return self.SQLEvent(
            sender_id=sender_id,
            type_name=event["event"],
            timestamp=event.get("timestamp"),
            intent_name=event.get("parse_data", {}).get("intent", {}).get("name"),
            action_name=event.get("name"),
            data=json.dumps(event),
        )

    def forget(self, sender_id: str) -> None:
        """Erase a conversation: its rows are deleted."""
        with self.session_scope() as session:
            self._of(session, sender_id).delete()
            session.commit()

    def forget_old(self) -> None:
        """Delete the rows of the conversations whose time is over."""
        row, until = self.SQLEvent, time.time() - keep_seconds()
        with self.session_scope() as session:
            latest = sqlalchemy.func.max(row.timestamp)
            old = session.query(row.sender_id).group_by(row.sender_id).having(latest < until)
            for (sender_id,) in old.all():
                self._of(session, sender_id).delete()
            session.commit()


def unwrapped(store: Optional[TrackerStore], domain: Any) -> TrackerStore:
    """Return Rasa's store as it is.

    Rasa would wrap it: where the database is gone a turn would begin from an empty conversation and be kept apart, raw.
    """
    found = store or MaskedMemory(domain)
    found.domain = domain
    return found


agent.Agent._create_tracker_store = staticmethod(unwrapped)  # noqa: SLF001
