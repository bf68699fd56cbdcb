"""Say what a word of the policy means."""

from actions.conversation import Conversation
from actions.move import Move
from actions.wiring import engine
from knowledge import follow
from knowledge.reply import Reply


class ActionDefineTerm(Move):
    """Say what a word of the policy means."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_define_term"

    def respond(self, talk: Conversation) -> Reply | None:
        """Return the reply to this move."""
        return follow.define(engine().composer, talk.said)
