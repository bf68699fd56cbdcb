"""What goes back to a channel after a turn: the reply object as the engine made it, and the buttons that are open.

Each button gets an id of its own that nobody can guess. Nothing is drawn here, and nothing is taken apart.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from bot.gateway.refusal import Down

ASIDE = {"small_talk", "policy_text"}  # said beside an open question, which stays open


@dataclass(frozen=True)
class Button:
    """A button that was offered: its id, what stands on it, and what it says to Rasa when it is clicked."""

    id: str
    title: str
    payload: str

    @classmethod
    def of(cls, offered: dict[str, Any]) -> "Button":
        """Return a button that Rasa offered, under a new id."""
        return cls(secrets.token_urlsafe(12), offered["title"], offered["payload"])


@dataclass(frozen=True)
class Answer:
    """A turn's answer, whole: never parted from its citations."""

    reply: dict[str, Any]
    buttons: tuple[Button, ...]

    @classmethod
    def of(cls, messages: list[dict[str, Any]]) -> "Answer":
        """Return the answer that Rasa's messages hold.

        Raises:
            Down: they hold no reply object, so a part has failed.
        """
        whole = [each for each in messages if each.get("custom")]
        if not whole:
            raise Down("actions")
        last = whole[-1]
        return cls(last["custom"], tuple(Button.of(each) for each in last.get("buttons") or []))

    @property
    def aside(self) -> bool:
        """Whether buttons offered before stay open."""
        return self.reply["type"] in ASIDE and not self.buttons

    def as_json(self) -> dict[str, Any]:
        """Return what a channel draws from; a payload never leaves the gateway."""
        shown = [{"id": each.id, "title": each.title} for each in self.buttons]
        return {"reply": self.reply, "buttons": shown, "closes": not self.aside}
