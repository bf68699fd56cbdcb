"""What a conversation keeps between turns: the situation, the facts found, the last reply. Three slots, no more."""

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from knowledge.reply import Reply


@dataclass(frozen=True)
class Conversation:
    """The slots of one conversation, as the actions use them; who speaks, where the channel knows."""

    said: str
    situation: str | None = None
    facts: dict[str, str] = field(default_factory=dict)
    reply: dict[str, Any] | None = None
    id: str = ""
    person: str | None = None
    name: str | None = None
    key: str | None = None

    @classmethod
    def of(cls, tracker: Tracker) -> "Conversation":
        """Read the tracker's slots and its latest message."""
        latest, slots = tracker.latest_message or {}, tracker.slots
        who = latest.get("metadata") or {}
        return cls(
            latest.get("text") or "",
            slots.get("situation"),
            slots.get("facts") or {},
            slots.get("reply"),
            str(tracker.sender_id),
            who.get("person"),
            who.get("name"),
            latest.get("message_id"),
        )

    @property
    def pending(self) -> str | None:
        """The question that was asked last and is still open, by id."""
        if self.reply and self.reply["type"] == "question":
            return str(self.reply["label"])
        return None


def draw(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Send a reply as one message: text, object and buttons stay together.

    A button's payload is its own title, in plain words: a click and a typed answer are one and the same.
    """
    options = reply.question.options if reply.question else ()
    buttons = [{"title": option.title, "payload": option.title} for option in options]
    dispatcher.utter_message(text=reply.text, json_message=reply.as_json(), buttons=buttons)


def keep(situation: str | None, facts: dict[str, str], reply: Reply) -> list[EventType]:
    """Return the events that remember a reply and what it stands on."""
    return [SlotSet("situation", situation), SlotSet("facts", facts), SlotSet("reply", reply.as_json())]
