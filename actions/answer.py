"""Answer a situation, or the question that was asked before it."""

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import Conversation, draw, keep
from actions.training import in_training
from actions.wiring import engine
from knowledge.follow import chosen
from knowledge.reply import Reply


def answer(dispatcher: CollectingDispatcher, talk: Conversation) -> list[EventType]:
    """Draw the reply to what was said, and return what to remember; in training, the reply to that."""
    if (trained := in_training(dispatcher, talk)) is not None:
        return trained
    return answer_outside(dispatcher, talk)


def answer_outside(dispatcher: CollectingDispatcher, talk: Conversation) -> list[EventType]:
    """Draw the reply to a situation, or to the question that was asked before it."""
    if answered := answer_to_question(talk):
        reply, facts = answered
        draw(dispatcher, reply)
        return keep(talk.situation, facts, reply)
    reply = engine().answer(talk.said)
    draw(dispatcher, reply)
    return keep(talk.said, {}, reply) if reply.type != "small_talk" else []


def answer_to_question(talk: Conversation) -> tuple[Reply, dict[str, str]] | None:
    """Return the reply to an answered question and the facts now known; None where nothing was asked or chosen."""
    if talk.pending is None:
        return None
    question = engine().library.questions[talk.pending]
    value = chosen(question, talk.said)
    if value is None:
        return None
    facts = {**talk.facts, question.fact: value}
    return engine().resolve(question, value, talk.situation or "", facts), facts
