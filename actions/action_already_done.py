"""Answer "I already did it": the same situation, told with what has been done since."""

from rasa_sdk.events import EventType

from actions.conversation import Conversation, keep
from actions.move import Move
from actions.wiring import engine
from knowledge.reply import Reply


class ActionAlreadyDone(Move):
    """Answer "I already did it": the same situation, told with what has been done since."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_already_done"

    def respond(self, talk: Conversation) -> Reply | None:
        """Return the advice again, led by a word without blame; None where nothing came before."""
        return engine().already_done(talk.situation, talk.said, talk.facts)

    def remember(self, talk: Conversation, reply: Reply) -> list[EventType]:
        """Keep the situation with what was added."""
        return keep(f"{talk.situation} {talk.said}", talk.facts, reply)
