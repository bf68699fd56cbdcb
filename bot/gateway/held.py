"""What the gateway's database holds of one person: told, or erased. It asks nobody else and decides nothing."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import ColumnElement, Connection, Engine, Row, Table, delete, false, or_, select

from bot.gateway.addresses import ADDRESSES
from bot.gateway.persons import PERSONS_AT
from bot.gateway.reminders import REMINDERS
from bot.gateway.store import ANSWERS, BUTTONS, FORGOTTEN, INBOX

SLACK = "slack"


class Whose(NamedTuple):
    """One person, by all that leads to them: ids on platforms, conversations, ids in the training record."""

    persons: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()
    learners: tuple[str, ...] = ()


class Held:
    """Reads and erases one installation's rows; `key` opens the inbox."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        self.engine, self.locked = engine, Fernet(key)

    def of(self, whose: Whose) -> dict[str, list[dict[str, Any]]]:
        """Return all rows of a person by table, those of the inbox unlocked; tables without any are left out."""
        with self.engine.connect() as open_:
            rows = [(table.name, open_.execute(select(table).where(which))) for table, which in conditions(whose)]
            found = {name: [dict(row._mapping) for row in each] for name, each in rows}  # noqa: SLF001  (its public name)
            found[INBOX.name] = [{**row._mapping, "job": job} for row, job in self.waiting(open_, whose)]  # noqa: SLF001
        return {name: each for name, each in found.items() if each}

    def erase(self, whose: Whose) -> None:
        """Erase all rows of a person but for who is in which conversation: that goes when Rasa has forgotten it."""
        with self.engine.begin() as open_:
            for row, _ in self.waiting(open_, whose):
                open_.execute(delete(INBOX).where(INBOX.c.channel == row.channel, INBOX.c.event == row.event))
            for table, which in conditions(whose):
                if table is not PERSONS_AT:
                    open_.execute(delete(table).where(which))

    def waiting(self, open_: Connection, whose: Whose) -> Iterator[tuple[Row[Any], dict[str, Any]]]:
        """Yield what a person wrote that is not answered yet."""
        for row in open_.execute(select(INBOX).where(INBOX.c.job.is_not(None))).all():
            try:
                job = json.loads(self.locked.decrypt(row.job))
            except InvalidToken:  # of another secret: nobody can read it any more
                continue
            if any(is_of(row.channel, job, person) for person in whose.persons):
                yield row, job


def conditions(whose: Whose) -> list[tuple[Table, ColumnElement[bool]]]:
    """Return which rows of each table are a person's."""
    own = [REMINDERS.c.occasion.startswith(f"{learner}:", autoescape=True) for learner in whose.learners]
    placed = [(table, table.c.conversation.in_(whose.conversations)) for table in (ANSWERS, BUTTONS, FORGOTTEN)]
    named = [(table, table.c.person.in_(whose.persons)) for table in (ADDRESSES, PERSONS_AT)]
    return [*placed, *named, (REMINDERS, or_(false(), *own))]


def is_of(channel: str, job: dict[str, Any], person: str) -> bool:
    """Say whether an event is a person's; Slack's name the user only, since the team is asked for later."""
    if channel == SLACK:
        kind, _, user = person.split(":", 2) if person.count(":") > 1 else ("", "", "")
        return kind == SLACK and user == job.get("user")
    return bool(job.get("person") == person)
