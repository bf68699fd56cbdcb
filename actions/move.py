"""What every conversation move shares: a message that holds a situation is never swallowed by a move.

Rasa's routing proposes a move; the engine, which has read the same wordings, must agree that it is one. Otherwise the
message is answered as a situation.
"""

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer import answer
from actions.conversation import Conversation, draw
from actions.training import in_training
from actions.wiring import engine
from knowledge.reply import Reply


class Move(Action, ABC):
    """A conversation move: `respond` gives its reply, or None where it is no such move after all."""

    @abstractmethod  # so that rasa_sdk does not register this class itself
    def respond(self, talk: Conversation) -> Reply | None:
        """Return the reply to this move."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType | Any]:
        """Reply to the move, or answer the situation that it turned out to be."""
        talk = Conversation.of(tracker)
        if (trained := in_training(dispatcher, talk)) is not None:
            return trained
        reply = self.respond(talk) if engine().is_move(talk.said) else None
        if reply is None:
            return answer(dispatcher, talk)
        draw(dispatcher, reply)
        return self.remember(talk, reply)

    def remember(self, talk: Conversation, reply: Reply) -> list[EventType]:
        """Return what this move leaves behind: as a rule nothing, so that the advice stays open to questions."""
        return []
