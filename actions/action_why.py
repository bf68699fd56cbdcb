"""Say why the last answer is as it is."""

from actions.conversation import Conversation
from actions.move import Move
from actions.wiring import engine
from knowledge import follow
from knowledge.reply import Reply


class ActionWhy(Move):
    """Say why the last answer is as it is."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_why"

    def respond(self, talk: Conversation) -> Reply | None:
        """Return the reply to this move."""
        return follow.why(engine().composer, talk.reply)
