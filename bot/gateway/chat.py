"""Answer what somebody wrote on a chat platform: too long, too often, a part down are told in words, never raised.

What Slack and Teams share. It draws nothing and sends nothing.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from bot.gateway.limits import Limits
from bot.gateway.persons import Persons
from bot.gateway.refusal import Down, Refusal, safe_words
from bot.gateway.turns import Said, Turns
from bot.settings import Settings

NOTHING_SAID = "hello"  # a bare mention or command


@dataclass(frozen=True)
class Who:
    """Who wrote, and where: the conversation is this person's at this place, and no other's."""

    conversation: str
    person: str
    name: str | None


class Chat:
    """Answers on one platform."""

    def __init__(self, settings: Settings, turns: Turns, limits: Limits) -> None:
        self.settings, self.turns, self.limits = settings, turns, limits
        self.persons = Persons(turns.store.engine)

    async def answer(self, event: str, who: Who, text: str, button: str = "") -> dict[str, Any] | str:
        """Return the answer to an event, or the words that tell why there is none."""
        text = text.encode(errors="replace").decode()  # half a character can come in JSON, and cannot be text
        key = hashlib.sha256(event.encode()).hexdigest()[:32]
        said = Said(key, text or ("" if button else NOTHING_SAID), button, who.person, who.name)
        await self.persons.note(who.person, who.conversation)
        try:
            self.refuse_long(said.text)
            self.limits.note_conversation(who.conversation)
            return await self.turns.take(who.conversation, said)
        except (Refusal, Down) as error:
            self.turns.watch.ended_in(error)
            return error.words if isinstance(error, Refusal) else safe_words()

    def refuse_long(self, text: str) -> None:
        """Make sure that a text is not too long to read.

        Raises:
            Refusal: it is.
        """
        if len(text) > self.settings.longest_text:
            raise Refusal("too_long", limit=self.settings.longest_text)
