"""Open the training desk of this installation: once in a process, by the actions."""

from knowledge.engine import Engine
from knowledge.training.desk import Desk
from knowledge.training.record import Record, connect, load_key
from knowledge.training.sender import Sender
from knowledge.training.spoken import EVERY, Spoken
from knowledge.wordings import load_wordings


def reports(engine: Engine) -> list[str]:
    """Return wordings of real situations, by which an answer is told from a report."""
    advice = {each.id for each in engine.library.procedures.values() if each.kind == "advice"}
    return [each.text for each in load_wordings() if each.label in (*advice, engine.library.emergency.id)][::EVERY]


def load_desk(engine: Engine) -> Desk:
    """Return a desk on the installation's record; what is queued for a record store is sent from now on.

    Raises:
        Fault: a broken scenario or statement file.
        SQLAlchemyError: the database cannot be reached.
    """
    database = connect()
    Sender.from_environment(database).keep_sending()
    return Desk(engine, Spoken(engine.reader.encoder, reports(engine)), Record(database, load_key()))
