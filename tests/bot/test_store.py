"""What the gateway knows again after a restart."""

import asyncio
import sqlite3
import threading
import time
from contextlib import closing, contextmanager

import pytest
from sqlalchemy.exc import OperationalError

from bot.gateway.answer import Answer
from bot.gateway.inbox import AT_ONCE, HELD, Inbox
from bot.gateway.patience import PATIENCE
from bot.gateway.store import Store, connect
from bot.secret import inbox_key


@pytest.fixture
def store(tmp_path) -> Store:
    """A store on a file of its own, with a clock that can be set."""
    made = Store(connect(f"sqlite:///{tmp_path}/deeper/gateway.db"), now=lambda: made.clock)
    made.clock = 1000.0
    return made


def answered(store: Store, conversation: str, key: str):
    """Return what is kept under a key."""
    return store.known(conversation, key, "").answered


def open_button(store: Store, conversation: str, button: str):
    """Return a button where it is open."""
    return store.known(conversation, "another-key", button).button


def answer(kind: str, *titles: str) -> Answer:
    """Return an answer with these buttons."""
    buttons = [{"title": title, "payload": title.upper()} for title in titles]
    return Answer.of([{"custom": {"type": kind, "text": "x"}, "buttons": buttons}])


def test_an_answer_is_known_again_by_its_key_in_another_process(store: Store) -> None:
    store.keep("web-1", "key-0001", "hash", given := answer("advice"))

    assert answered(Store(connect(str(store.engine.url))), "web-1", "key-0001") == ("hash", given.as_json())


def test_a_key_of_one_conversation_is_none_of_another(store: Store) -> None:
    store.keep("web-1", "key-0001", "hash", answer("advice"))

    assert answered(store, "web-2", "key-0001") is None


def test_a_button_is_open_in_its_own_conversation_only(store: Store) -> None:
    store.keep("web-1", "key-0001", "hash", asked := answer("question", "A pupil"))

    assert open_button(store, "web-1", asked.buttons[0].id).payload == "A PUPIL"
    assert open_button(store, "web-2", asked.buttons[0].id) is None


def test_an_answer_closes_earlier_buttons(store: Store) -> None:
    store.keep("web-1", "key-0001", "hash", asked := answer("question", "A pupil"))
    store.keep("web-1", "key-0002", "hash", answer("advice"))

    assert open_button(store, "web-1", asked.buttons[0].id) is None


@pytest.mark.parametrize("kind", ["small_talk", "policy_text"])
def test_an_aside_leaves_the_buttons_open(kind: str, store: Store) -> None:
    store.keep("web-1", "key-0001", "hash", asked := answer("question", "A pupil"))
    store.keep("web-1", "key-0002", "hash", answer(kind))

    assert open_button(store, "web-1", asked.buttons[0].id) is not None


def test_forgetting_leaves_nothing_of_the_conversation_but_that_it_is_forgotten(store: Store) -> None:
    store.keep("web-1", "key-0001", "hash", asked := answer("question", "A pupil"))
    store.forget("web-1")

    assert answered(store, "web-1", "key-0001") is None
    assert open_button(store, "web-1", asked.buttons[0].id) is None
    assert store.known("web-1", "key-0001", "").forgotten


def test_what_no_token_can_open_any_more_is_dropped(store: Store) -> None:
    store.keep("web-1", "key-0001", "hash", asked := answer("question", "A pupil"))
    store.clock += 3601
    store.keep("web-2", "key-0001", "hash", answer("advice"))
    store.purge(3600)

    assert answered(store, "web-1", "key-0001") is None
    assert open_button(store, "web-1", asked.buttons[0].id) is None
    assert answered(store, "web-2", "key-0001")


def inbox_of(store: Store) -> Inbox:
    """Return an inbox on the store's database, by its clock."""
    return Inbox(store.engine, "slack", inbox_key(b"a secret"), store.now)


def test_an_event_is_taken_by_one_and_free_again_when_nobody_holds_it(store: Store) -> None:
    inbox = inbox_of(store)
    asyncio.run(inbox.put("Ev1", {"text": "hello"}))
    held = asyncio.run(inbox.take_free())
    store.clock += HELD + 1

    assert held == []
    assert asyncio.run(inbox.take_free()) == [("Ev1", {"text": "hello"}, 1)]
    assert asyncio.run(inbox_of(store).take_free()) == []


def test_an_event_that_was_held_before_the_clock_was_set_back_is_free(store: Store) -> None:
    asyncio.run(inbox_of(store).put("Ev1", {"text": "hello"}))
    store.clock -= 86_400

    assert [event for event, *_ in asyncio.run(inbox_of(store).take_free())] == ["Ev1"]
    assert asyncio.run(inbox_of(store).take_free()) == []


def test_an_event_comes_once_and_is_gone_when_it_is_done(store: Store) -> None:
    inbox = inbox_of(store)
    asyncio.run(inbox.put("Ev1", {"text": "hello"}))
    asyncio.run(inbox.done("Ev1"))
    store.clock += HELD + 1

    assert asyncio.run(inbox.put("Ev1", {"text": "hello"})) is False
    assert asyncio.run(inbox.take_free()) == []


def test_an_old_event_of_a_platform_is_dropped_with_its_words(store: Store) -> None:
    inbox = inbox_of(store)
    asyncio.run(inbox.put("Ev1", {"text": "Jess Miller showed me"}))
    store.clock += 3601
    store.purge(3600)

    assert asyncio.run(inbox.take_free()) == []


def test_an_events_words_cannot_be_read_in_the_file(store: Store, tmp_path) -> None:
    asyncio.run(inbox_of(store).put("Ev1", {"text": "Jess Miller showed me"}))
    store.engine.dispose()

    assert b"Jess" not in b"".join(each.read_bytes() for each in (tmp_path / "deeper").iterdir())


def test_what_people_type_is_not_kept(store: Store, tmp_path) -> None:
    from bot.gateway.turns import Said

    store.keep("web-1", "key-0001", Said("key-0001", "Jess Miller showed me").hash, answer("advice"))
    store.engine.dispose()

    assert b"Jess" not in b"".join(each.read_bytes() for each in (tmp_path / "deeper").iterdir())


def test_an_event_locked_with_another_secret_is_dropped_and_the_rest_goes_on(store: Store) -> None:
    other = Inbox(store.engine, "slack", inbox_key(b"another secret"), store.now)
    asyncio.run(other.put("Ev1", {"text": "nobody can read this"}))
    asyncio.run(inbox_of(store).put("Ev2", {"text": "hello"}))
    store.clock += HELD + 1

    assert [event for event, _, _ in asyncio.run(inbox_of(store).take_free())] == ["Ev2"]


def test_what_a_long_stop_left_is_taken_up_by_and_by(store: Store) -> None:
    inbox = inbox_of(store)
    for n in range(AT_ONCE + 1):
        inbox.keep(f"Ev{n}", {"text": "hello"})
    store.clock += HELD + 1

    assert [len(asyncio.run(inbox.take_free())) for _ in range(3)] == [AT_ONCE, 1, 0]


@contextmanager
def written_to(store: Store):
    """Have somebody else write to the store's file; yields how to let them come to their end."""
    with closing(sqlite3.connect(store.engine.url.database, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield lambda: other.execute("ROLLBACK")


async def cleared(store: Store) -> float:
    """Clear a conversation; return the longest time in which nothing else went on meanwhile."""
    clearing, longest = asyncio.create_task(store.soon(store.clear, "web-1")), 0.0
    while not clearing.done():
        began = time.monotonic()
        await asyncio.sleep(0.01)
        longest = max(longest, time.monotonic() - began)
    await clearing
    return longest


def test_who_waits_for_a_locked_file_keeps_nobody_else_waiting(store: Store) -> None:
    with written_to(store) as end:
        threading.Timer(1, end).start()

        assert asyncio.run(cleared(store)) < 0.5


def test_a_file_that_stays_locked_is_given_up_after_two_seconds(store: Store) -> None:
    began = time.monotonic()
    with written_to(store), pytest.raises(OperationalError, match="locked"):
        asyncio.run(cleared(store))

    assert PATIENCE <= time.monotonic() - began < PATIENCE + 0.5


def test_beside_the_loop_a_locked_file_is_waited_for_too(store: Store) -> None:
    with written_to(store) as end:
        threading.Timer(0.5, end).start()
        store.clear("web-1")
