"""What the commands of training share: start, pause, resume, skip, stop."""

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer import answer
from actions.conversation import Conversation, draw
from actions.training import desk, place_of
from knowledge.training.desk import Command


class TrainMove(Action, ABC):
    """A command of training; words that are no such command after all are answered as any others."""

    command: Command

    @abstractmethod  # so that rasa_sdk does not register this class itself
    def name(self) -> str:
        """Return the name in domain.yml."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType | Any]:
        """Carry out the command, or answer what it turned out to be."""
        talk = Conversation.of(tracker)
        if not desk().is_command(place_of(talk), talk.said):
            return answer(dispatcher, talk)
        draw(dispatcher, desk().command(place_of(talk), self.command))
        return [SlotSet("reply", None)]
