"""Say whom the last answer names, with the school's contacts."""

from actions.conversation import Conversation
from actions.move import Move
from actions.wiring import engine
from knowledge import follow
from knowledge.reply import Reply


class ActionWhoToTell(Move):
    """Say whom the last answer names, with the school's contacts."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_who_to_tell"

    def respond(self, talk: Conversation) -> Reply | None:
        """Return the reply to this move."""
        return follow.who_to_tell(engine().composer, talk.reply)
