"""Quote the clause that is asked for by number."""

from actions.conversation import Conversation
from actions.move import Move
from actions.wiring import engine
from knowledge import follow
from knowledge.reply import Reply


class ActionLookupClause(Move):
    """Quote the clause that is asked for by number."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_lookup_clause"

    def respond(self, talk: Conversation) -> Reply | None:
        """Return the reply to this move."""
        return follow.lookup(engine().composer, talk.said)
