"""Show the clauses behind the last answer, word for word."""

from actions.conversation import Conversation
from actions.move import Move
from actions.wiring import engine
from knowledge import follow
from knowledge.reply import Reply


class ActionShowClause(Move):
    """Show the clauses behind the last answer, word for word."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_show_clause"

    def respond(self, talk: Conversation) -> Reply | None:
        """Return the reply to this move."""
        return follow.lookup(engine().composer, talk.said) or follow.show_clause(engine().composer, talk.reply)
