"""Answer a situation: whatever is no conversation move goes to the engine."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer import answer
from actions.conversation import Conversation


class ActionAnswer(Action):
    """Ask the engine about what was said."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Draw the engine's reply and remember it."""
        return answer(dispatcher, Conversation.of(tracker))
