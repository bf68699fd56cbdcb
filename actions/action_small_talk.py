"""Greet, thank, say goodbye, explain what this is; and yes or no to nothing in particular."""

from actions.conversation import Conversation
from actions.move import Move
from actions.wiring import engine
from knowledge.reply import Reply


class ActionSmallTalk(Move):
    """Greet, thank, say goodbye, explain what this is; and yes or no to nothing in particular."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_small_talk"

    def respond(self, talk: Conversation) -> Reply | None:
        """Return the reply to this move."""
        return engine().answer(talk.said)
