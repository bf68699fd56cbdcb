"""Who the learners are: by the persons that channels know, by the conversation they are in, by a code of their own.

One learner may be known by several persons (in Slack, in Teams) and be in several conversations. Codes are kept hashed
only, and a name is never taken for a proof.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from knowledge.training.tables import LEARNERS, PERSONS, PLACES

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that is taken for another


class Learner(NamedTuple):
    """One learner: a random id, what may be erased, whether they have a code, and where they are in training.

    `key` is that of the turn that was written last, `asked` that of the turn being taken: where they are the same, the
    turn was written before, and whoever asked did not hear the answer.
    """

    id: str
    name: str | None
    recorded: bool
    coded: bool
    progress: str | None
    step: int
    key: str | None = None
    asked: str | None = None

    @property
    def taken(self) -> bool:
        """Whether this very turn was written before."""
        return self.asked is not None and self.asked == self.key


class Elsewhere(Exception):
    """The learner has taken this step on another device."""


class Unread(SQLAlchemyError):
    """The record cannot be read just now."""


class Learners:
    """The learners of one installation."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        self.engine, self.key = engine, key
        self.reading = engine.execution_options(isolation_level="AUTOCOMMIT")  # waits for nobody who writes

    def learner_at(self, conversation: str, person: str | None) -> Learner | None:
        """Return who speaks: by their identity where the channel gives one, or by the conversation they are in.

        Raises:
            Unread: the database is gone, or does not answer.
        """
        if person:
            chosen = select(LEARNERS).join(PERSONS, PERSONS.c.learner == LEARNERS.c.id)
            chosen = chosen.where(PERSONS.c.person == person)
        else:
            chosen = select(LEARNERS).join(PLACES, PLACES.c.learner == LEARNERS.c.id)
            chosen = chosen.where(PLACES.c.conversation == conversation)
        try:
            with self.reading.connect() as open_:
                row = open_.execute(chosen).first()
        except SQLAlchemyError as error:
            raise Unread from error
        return as_learner(row) if row else None

    def begin(self, conversation: str, person: str | None, name: str | None) -> Learner:
        """Return a new learner, recorded at once where the channel says who it is."""
        row = {"id": secrets.token_hex(16), "name": name, "recorded": person is not None, "step": 0}
        with self.engine.begin() as open_:
            open_.execute(insert(LEARNERS), row)
            if person:
                open_.execute(insert(PERSONS), {"person": person, "learner": row["id"]})
            else:
                place(open_, conversation, str(row["id"]))
            return as_learner(open_.execute(select(LEARNERS).where(LEARNERS.c.id == row["id"])).one())

    def name(self, learner: Learner, name: str) -> str:
        """Give a learner a name, so that a record is kept; return the code by which they can take it up elsewhere."""
        with self.engine.begin() as open_:
            named = update(LEARNERS).where(LEARNERS.c.id == learner.id)
            open_.execute(named.values(name=name, recorded=True))
            return self.give_code(open_, learner)

    def give_code(self, open_: Connection, learner: Learner) -> str:
        """Return a new code for a learner, within a transaction; an earlier one opens nothing any more."""
        code = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
        open_.execute(update(LEARNERS).where(LEARNERS.c.id == learner.id).values(code=self.hidden(code)))
        return code

    def take_up(self, conversation: str, person: str | None, code: str) -> Learner | None:
        """Bind who speaks, or else the conversation, to the learner whose code this is; None where it is nobody's."""
        with self.engine.begin() as open_:
            row = open_.execute(select(LEARNERS).where(LEARNERS.c.code == self.hidden(code))).first()
            if row and person:
                open_.execute(delete(PERSONS).where(PERSONS.c.person == person))
                open_.execute(insert(PERSONS), {"person": person, "learner": row.id})
            elif row:
                place(open_, conversation, row.id)
        return as_learner(row) if row else None

    def hidden(self, code: str) -> str:
        """Return what is kept of a code."""
        return hmac.new(self.key, code.upper().encode(), hashlib.sha256).hexdigest()

    @contextmanager
    def step(self, learner: Learner, progress: str) -> Iterator[Connection]:
        """Move a learner on, with whatever is written within, or not at all.

        Raises:
            Elsewhere: the learner's step was taken on another device meanwhile.
        """
        moved = update(LEARNERS).where(LEARNERS.c.id == learner.id, LEARNERS.c.step == learner.step)
        with self.engine.begin() as open_:
            if open_.execute(moved.values(progress=progress, step=learner.step + 1, key=learner.asked)).rowcount != 1:
                raise Elsewhere
            yield open_

    def names(self) -> dict[str, str]:
        """Return the names that have not been erased, by learner."""
        with self.engine.connect() as open_:
            rows = open_.execute(select(LEARNERS.c.id, LEARNERS.c.name).where(LEARNERS.c.recorded)).all()
        return {row.id: row.name or "(no name)" for row in rows}

    def persons(self) -> dict[str, str]:
        """Return the learner of every person that a channel knows and of whom a record is kept."""
        chosen = select(PERSONS).join(LEARNERS, PERSONS.c.learner == LEARNERS.c.id).where(LEARNERS.c.recorded)
        with self.engine.connect() as open_:
            return {row.person: row.learner for row in open_.execute(chosen.order_by(PERSONS.c.person))}


def place(open_: Connection, conversation: str, learner: str) -> None:
    """Note in which conversation a learner is."""
    open_.execute(delete(PLACES).where(PLACES.c.conversation == conversation))
    open_.execute(insert(PLACES), {"conversation": conversation, "learner": learner})


def forget(open_: Connection, learner: str) -> None:
    """Take out, within a transaction, all that says who a learner was."""
    open_.execute(delete(LEARNERS).where(LEARNERS.c.id == learner))
    for table in (PLACES, PERSONS):
        open_.execute(delete(table).where(table.c.learner == learner))


def as_learner(row: Any) -> Learner:
    """Return a row as a learner."""
    return Learner(row.id, row.name, row.recorded, row.code is not None, row.progress, row.step, row.key)
