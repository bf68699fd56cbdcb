"""What the gateway's database holds of one person is found, and goes: theirs, all of it, and nobody else's."""

import asyncio

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import insert

from bot.gateway.addresses import Addresses
from bot.gateway.answer import Answer
from bot.gateway.held import Held, Whose
from bot.gateway.inbox import Inbox
from bot.gateway.persons import Persons
from bot.gateway.reminders import REMINDERS
from bot.gateway.store import Store, connect
from bot.gateway.sweep import scrub, sweep
from bot.settings import Settings

KEY = Fernet.generate_key()
JO, SAM = "slack:T1:U1", "teams:tenant:object"
JOS, SAMS = "slack-T1-U1-D1", "teams-" + "a" * 40
WHO = {JO: Whose((JO,), (JOS,), ("jo",)), SAM: Whose((SAM,), (SAMS,), ("sam",))}


def shown(words: str) -> Answer:
    """Return an answer with a button."""
    return Answer.of(
        [{"custom": {"type": "question", "text": words}, "buttons": [{"title": "A pupil", "payload": "x"}]}]
    )


@pytest.fixture
def store(tmp_path) -> Store:
    """A database in which two people have left a row in every table."""
    made = Store(connect(f"sqlite:///{tmp_path / 'gateway.db'}"), now=lambda: made.clock)
    made.clock = 1_000_000.0
    jobs = {JO: ("slack", {"user": "U1", "text": "a word"}), SAM: ("teams", {"person": SAM, "text": "a word"})}
    for person, whose in WHO.items():
        channel, job = jobs[person]
        made.keep(whose.conversations[0], "key", "hash", shown("Who sent it?"))
        Persons(made.engine, made.now).write(person, whose.conversations[0])
        Addresses(made.engine, made.now).write(person, channel, {"place": "a chat"})
        asyncio.run(Inbox(made.engine, channel, KEY, made.now).put(f"event of {channel}", job))
        with made.engine.begin() as open_:
            open_.execute(insert(REMINDERS), {"occasion": f"{whose.learners[0]}:7", "at": made.clock})
    return made


@pytest.fixture
def held(store: Store) -> Held:
    """What is held in it."""
    return Held(store.engine, KEY)


@pytest.mark.parametrize("person", WHO)
def test_all_that_is_held_of_a_person_is_told(person: str, held: Held) -> None:
    told = held.of(WHO[person])

    assert {name: len(rows) for name, rows in told.items()} == dict.fromkeys(
        ("answers", "buttons", "addresses", "persons_at", "reminders", "inbox"), 1
    )
    assert told["inbox"][0]["job"]["text"] == "a word"


@pytest.mark.parametrize("person", WHO)
def test_what_is_erased_is_gone_but_for_the_way_to_what_rasa_holds(person: str, held: Held, store: Store) -> None:
    held.erase(WHO[person])

    assert list(held.of(WHO[person])) == ["persons_at"]
    assert Persons(store.engine).conversations([person]) == list(WHO[person].conversations)


def test_another_s_rows_stay(held: Held) -> None:
    before = held.of(WHO[SAM])
    held.erase(WHO[JO])

    assert held.of(WHO[SAM]) == before


@pytest.mark.parametrize("person", ["slack", "slack:T1", "", "teams:T1:U1", "_", "%"])
def test_what_is_half_an_id_leads_to_nobody(person: str, held: Held) -> None:
    assert held.of(Whose((person,), (), (person,))) == {}


def test_an_inbox_of_another_secret_is_left(store: Store) -> None:
    told = Held(store.engine, Fernet.generate_key()).of(WHO[JO])

    assert "inbox" not in told


def test_a_person_who_speaks_again_has_one_row(store: Store) -> None:
    persons = Persons(store.engine, store.now)
    for _ in range(3):
        persons.write(JO, JOS)

    assert len(Held(store.engine, KEY).of(WHO[JO])["persons_at"]) == 1


def test_who_is_where_is_kept_for_as_long_as_rasa_keeps_the_conversation(store: Store) -> None:
    settings = Settings(session_hours=1, keep_hours=24)
    left = []
    for hours in (23.9, 24.1):
        store.clock = 1_000_000.0 + hours * 3600
        sweep(store, settings)
        left.append(Persons(store.engine).conversations([JO]))

    assert left == [[JOS], []]


def test_what_was_swept_is_in_the_file_no_more(store: Store, tmp_path) -> None:
    def traces() -> list[str]:
        return [file.name for file in tmp_path.iterdir() if b"Who sent it?" in file.read_bytes()]

    assert traces() != []

    store.clock += 13 * 3600
    sweep(store, Settings(session_hours=12))

    assert traces() == []


def test_a_trace_that_a_reader_keeps_is_said(store: Store) -> None:
    with store.engine.connect() as reading:
        reading.exec_driver_sql("BEGIN")
        reading.exec_driver_sql("SELECT * FROM answers").fetchone()

        assert scrub(store.engine) is False
    assert scrub(store.engine) is True
