"""Answer a changed fact: "it's a parent, sorry", "and if she left last year?"."""

from rasa_sdk.events import EventType

from actions.answer import answer_to_question
from actions.conversation import Conversation, keep
from actions.move import Move
from actions.wiring import engine
from knowledge.facts import read_all
from knowledge.reply import Reply


class ActionChangeFact(Move):
    """Answer the situation again under the fact that has changed, or the open question."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_change_fact"

    def respond(self, talk: Conversation) -> Reply | None:
        """Return the new advice; None where nothing came before or no fact is named."""
        if answered := answer_to_question(talk):
            return answered[0]
        changed = read_all(talk.said)
        if not changed or not talk.situation:
            return None
        return engine().with_facts(talk.situation, {**talk.facts, **changed})

    def remember(self, talk: Conversation, reply: Reply) -> list[EventType]:
        """Keep the situation and the facts, the new ones among them."""
        return keep(talk.situation, {**talk.facts, **read_all(talk.said)}, reply)
