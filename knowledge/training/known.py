"""As whom the record knows a person: ids, conversations and certificates that lead to them, for what erases those.

`python -m knowledge.training.known NAME` prints it as JSON. It changes nothing, and tells nothing of what was done.
"""

import json
import sys
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError

from knowledge.training.certificate import code_of
from knowledge.training.record import Record, connect, load_key
from knowledge.training.tables import LEARNERS, PERSONS, PLACES


def known_as(record: Record, person: str) -> list[dict[str, Any]]:
    """Return the recorded learners of a name, of a learner's id or of a person's, each with all that leads to them."""
    same = select(PERSONS.c.learner).where(PERSONS.c.person == person)
    which = or_(LEARNERS.c.id == person, LEARNERS.c.name == person, LEARNERS.c.id.in_(same))
    with record.engine.connect() as open_:
        rows = open_.execute(select(LEARNERS.c.id, LEARNERS.c.name).where(LEARNERS.c.recorded, which)).all()
    return [{"learner": row.id, "name": row.name, **leading_to(record, row.id)} for row in rows]


def leading_to(record: Record, learner: str) -> dict[str, list[str]]:
    """Return the persons that channels know a learner by, their conversations, and their certificates' codes."""
    persons = select(PERSONS.c.person).where(PERSONS.c.learner == learner)
    places = select(PLACES.c.conversation).where(PLACES.c.learner == learner)
    passed = [each for each in record.entries(learner) if each.kind == "ended" and each.data["passed"]]
    with record.engine.connect() as open_:
        return {
            "persons": sorted(open_.execute(persons).scalars()),
            "conversations": sorted(open_.execute(places).scalars()),
            "certificates": [code_of(record, each) for each in passed],
        }


if __name__ == "__main__":
    try:
        told = known_as(Record(connect(), load_key()), sys.argv[-1])
    except SQLAlchemyError as error:
        sys.exit(f"The training database cannot be reached: {type(error).__name__}.")
    sys.stdout.write(json.dumps(told))
