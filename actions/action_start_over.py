"""Forget the situation and begin again."""

from rasa_sdk.events import EventType, SlotSet

from actions.conversation import Conversation
from actions.move import Move
from actions.wiring import engine
from knowledge.reply import Reply


class ActionStartOver(Move):
    """Forget the situation and begin again."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_start_over"

    def respond(self, talk: Conversation) -> Reply | None:
        """Return the invitation to begin again."""
        return engine().move("move_start_over")

    def remember(self, talk: Conversation, reply: Reply) -> list[EventType]:
        """Empty the three slots."""
        return [SlotSet("situation", None), SlotSet("facts", None), SlotSet("reply", None)]
