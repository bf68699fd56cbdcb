"""Run by test_tracker_store.py on Rasa's Python: saves turns in a store of each kind, prints what it holds after."""

import asyncio
import io
import json
import logging
import os
import sys
import time
from pathlib import Path

import sqlalchemy
import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.utils.log_utils import configure_structlog

from bot.channel import WholeReply
from bot.channel import turn as spoken_turn
from bot.tracker import HOURS, MaskedMemory, MaskedSQL

RAW = "Jade Smith in 9B messaged me, her mum's number is 07700 900123"
REPLY = {"text": "Do not reply to Jade Smith. Childline: 0800 1111, help@childline.org.uk", "type": "advice"}
BETWEEN = 2.5  # seconds; the store looks every second where it keeps so shortly
configure_structlog(logging.WARNING)
DOMAIN = Domain.load("domain.yml")


def turn(tracker, text: str) -> None:
    """Add what Rasa adds in a turn."""
    who = {"name": "Ms Okafor", "person": "U0123"}
    read = {"intent": {"name": "situation"}, "entities": [], "text": text, "text_tokens": [[0, 4]], "metadata": who}
    tracker.update(UserUttered(text, read["intent"], [], read, metadata=who, timestamp=time.time()))
    tracker.update(ActionExecuted("action_answer"))
    tracker.update(BotUttered(REPLY["text"], {"custom": REPLY}))
    tracker.update(SlotSet("situation", text))
    tracker.update(SlotSet("reply", REPLY))
    tracker.update(ActionExecuted("action_listen"))


def begin(tracker) -> None:
    """Add what Rasa adds when a conversation begins."""
    tracker.update(SlotSet("session_started_metadata", {"name": "Ms Okafor", "person": "U0123"}))
    tracker.update(ActionExecuted("action_session_start"))
    tracker.update(SessionStarted())
    tracker.update(ActionExecuted("action_listen"))


def held(store) -> str:
    """Return all that the store holds, as one text."""
    if isinstance(store, MaskedMemory):
        return json.dumps([kept.events for kept in store.kept.values()])
    with store.session_scope() as session:
        return json.dumps([[row.sender_id, row.data] for row in session.query(store.SQLEvent)])


def in_file(words: str, path: Path) -> bool:
    """Say whether the words stand anywhere in a file."""
    return path.exists() and words.encode() in path.read_bytes()


async def lived(store, path: Path) -> dict:
    """Return what a conversation leaves in the store."""
    tracker = await store.get_or_create_tracker("one", append_action_listen=False)
    begin(tracker)
    turn(tracker, RAW)
    await store.save(tracker)
    found = {"live": tracker.latest_message.text, "live_slot": tracker.get_slot("situation"), "held": held(store)}
    again = await store.retrieve("one")
    found |= {"slot": again.get_slot("situation"), "reply": again.get_slot("reply"), "text": again.latest_message.text}
    for number in range(60):
        again = await store.retrieve("one")
        turn(again, f"{RAW} {number}") if number < 30 else again.update(ActionExecuted("action_listen"))
        await store.save(again)
    last = await store.retrieve("one")
    found |= {"long": len(last.events), "long_slot": last.get_slot("situation"), "long_held": held(store)}
    store.forget("one")
    found |= {"after": held(store), "none": await store.retrieve("one") is None}
    found["bytes"] = in_file("action_answer", path)
    return found


async def keep_two(store) -> None:
    """Keep a conversation that is older than it may be, and one that is not."""
    for sender, age in (("old", 25 * 3600), ("new", 3600)):
        tracker = store.init_tracker(sender)
        tracker.update(UserUttered("hello", timestamp=time.time() - age))
        await store.save(tracker)
        if isinstance(store, MaskedMemory):
            store.kept[sender] = store.kept[sender]._replace(at=time.time() - age)


async def aged(store) -> list:
    """Return whose conversations are left when one is older than it may be."""
    await keep_two(store)
    store.forget_old()
    return list(await store.keys())


async def broken() -> list:
    """Return how Rasa's own agent reads and saves a conversation when the database has lost its table."""
    store = Agent(domain=DOMAIN, tracker_store=MaskedSQL(DOMAIN, db=sys.argv[1] + "/gone.db")).tracker_store
    tracker = store.init_tracker("one")
    turn(tracker, RAW)
    store.Base.metadata.drop_all(store.engine)
    return [await failed(store.save(tracker)), await failed(store.retrieve("one"))]


async def swept() -> list:
    """Return whose conversations are left when their time is over, and the table was gone for a while before."""
    os.environ[HOURS] = "0.0005"
    store = MaskedSQL(DOMAIN, db=sys.argv[1] + "/swept.db")
    del os.environ[HOURS]
    store.Base.metadata.drop_all(store.engine)
    await asyncio.sleep(BETWEEN)
    store.Base.metadata.create_all(store.engine)
    await keep_two(store)
    await asyncio.sleep(BETWEEN)
    return list(await store.keys())


async def spoiled() -> list:
    """Return what is passed on of a turn that has spoken and then fails."""

    async def fails(message: UserMessage) -> None:
        message.output_channel.messages.append({"text": "half of an answer"})
        raise ValueError

    return await spoken_turn(fails, UserMessage("hello", WholeReply(), "one"))


async def failed(work) -> bool:
    """Say whether some of the store's work raises what a turn ends with."""
    try:
        await work
    except sqlalchemy.exc.SQLAlchemyError:
        return True
    return False


def logged() -> str:
    """Return what the log says of a turn that failed with the message in its error, and of lines that hold it."""
    lines = io.StringIO()
    logging.getLogger().addHandler(logging.StreamHandler(lines))
    try:
        int(RAW)  # its error says what was read
    except ValueError:
        logging.getLogger("bot.channel").exception("a turn failed")
    logging.getLogger("rasa").warning("cannot read %s", {"text": RAW})
    structlog.get_logger().error("rest.message.received.failure", text=RAW)
    return lines.getvalue()


async def main() -> None:
    """Try both kinds of store."""
    path = Path(sys.argv[1]) / "kept.db"
    found = {
        "memory": await lived(MaskedMemory(DOMAIN), path),
        "sql": await lived(MaskedSQL(DOMAIN, db=str(path)), path),
        "aged": [await aged(MaskedMemory(DOMAIN)), await aged(MaskedSQL(DOMAIN, db=sys.argv[1] + "/aged.db"))],
        "broken": await broken(),
        "swept": await swept(),
        "spoiled": await spoiled(),
        "log": logged(),
    }
    print("\n" + json.dumps(found))  # noqa: T201  (the test reads it)


asyncio.run(main())
