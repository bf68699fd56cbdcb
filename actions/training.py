"""Is this person in a course? If so, the training desk's reply comes before any other."""

from functools import cache

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import Conversation, draw, keep
from actions.wiring import engine
from knowledge.training.desk import Desk, Place
from knowledge.training.opened import load_desk
from knowledge.training.whereabouts import Whereabouts


@cache
def desk() -> Desk:
    """Return the one desk of this process."""
    return load_desk(engine())


def whereabouts() -> Whereabouts:
    """Return where people stand, by the record of this process's desk."""
    return Whereabouts(desk().record, desk().scenarios, engine().library.policy)


def place_of(talk: Conversation) -> Place:
    """Return where a turn of training is taken."""
    return Place(talk.id, talk.person, talk.name, talk.key)


def in_training(dispatcher: CollectingDispatcher, talk: Conversation) -> list[EventType] | None:
    """Draw the reply to something said in training; None where the person is not in it.

    Real advice is kept as any advice is, so that "show me the clause" finds it; training leaves no question open.
    """
    reply = desk().turn(place_of(talk), talk.said, asked=talk.pending is not None)
    if reply is None:
        return None
    draw(dispatcher, reply)
    return keep(talk.said, {}, reply) if reply.real else [SlotSet("reply", None)]
