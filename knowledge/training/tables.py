"""The tables of the training database: the chain of entries, who the learners are, and what waits to be sent.

An entry names a learner by a random id only. Whatever says who that is stands in tables of its own, and can be erased.
"""

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Text

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
    Column("name", String(200)),
    Column("code", String(64), unique=True),
    Column("recorded", Boolean, nullable=False),
    Column("progress", Text),
    Column("step", Integer, nullable=False),
    Column("key", String(64)),
)
PLACES = Table(
    "places", TABLES, Column("conversation", String(200), primary_key=True), Column("learner", String(32), index=True)
)
PERSONS = Table(
    "persons", TABLES, Column("person", String(200), primary_key=True), Column("learner", String(32), index=True)
)
OUTBOX = Table("outbox", TABLES, Column("n", Integer, primary_key=True, autoincrement=False), Column("statement", Text))
