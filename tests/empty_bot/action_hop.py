"""The empty bot's one action: it says a word. Served by rasa_sdk as it comes."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class ActionHop(Action):
    """Says a word."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_hop"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say it."""
        dispatcher.utter_message(text="heard")
        return []
