"""Say the last answer again."""

from actions.conversation import Conversation
from actions.move import Move
from actions.wiring import engine
from knowledge import follow
from knowledge.reply import Reply


class ActionRepeat(Move):
    """Say the last answer again."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_repeat"

    def respond(self, talk: Conversation) -> Reply | None:
        """Return the reply to this move."""
        return follow.repeat(engine().composer, talk.reply)
