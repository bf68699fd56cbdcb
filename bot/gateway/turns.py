"""One turn: in order within its conversation, said once however often it is sent, clicks only as offered.

Every channel of the gateway goes through here; it reads no situation and draws nothing.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from bot.gateway.answer import Answer, Button
from bot.gateway.line import Line
from bot.gateway.refusal import Refusal
from bot.gateway.store import Store

LONGEST_QUEUE = 20


@dataclass(frozen=True)
class Said:
    """What a person sent: typed text, or the id of a button; `key` is the same when it is sent again.

    `person` and `name` are known where the channel says who somebody is.
    """

    key: str
    text: str = ""
    button: str = ""
    person: str | None = None
    name: str | None = None

    @property
    def hash(self) -> str:
        """A hash of what was said, to tell whether a key was used for something else."""
        return hashlib.sha256(f"{self.button}\0{self.text}".encode()).hexdigest()


class Turns:
    """Takes turns, each conversation's one after the other."""

    def __init__(self, line: Line, store: Store, channel: str) -> None:
        self.line, self.store, self.channel = line, store, channel
        self.locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.waiting: Counter[str] = Counter()

    async def take(self, conversation: str, said: Said) -> dict[str, Any]:
        """Return the answer to what was said, the kept one where it was answered before.

        Raises:
            Refusal: forgotten, too many waiting, a click that is not open, a key that was used for other words.
            Down: a part behind the gateway failed; nothing is kept, so the same key may be tried again.
        """
        async with self.order(conversation):
            known = await self.store.soon(self.store.known, conversation, said.key, said.button)
            if known.forgotten:
                raise Refusal("forgotten")
            if known.answered:
                return same(known.answered, said)
            text = meant(known.button, said)
            messages = await self.line.say(conversation, self.channel, said, text)
            answer = Answer.of(messages)
            await self.store.soon(self.store.keep, conversation, said.key, said.hash, answer)
            return answer.as_json()

    async def forget(self, conversation: str) -> None:
        """Forget a conversation everywhere; it cannot be continued, even where Rasa is down just now."""
        async with self.order(conversation):
            await self.store.soon(self.store.forget, conversation)
            await self.line.forget(conversation)

    @asynccontextmanager
    async def order(self, conversation: str) -> AsyncIterator[None]:
        """Wait for this conversation's turn; first come, first served.

        Raises:
            Refusal: too many are waiting already.
        """
        if self.waiting[conversation] >= LONGEST_QUEUE:
            raise Refusal("too_many", seconds=5)
        lock = self.locks.setdefault(conversation, asyncio.Lock())
        self.waiting[conversation] += 1
        try:
            async with lock:
                yield
        finally:
            self.waiting[conversation] -= 1
            if not self.waiting[conversation]:
                del self.waiting[conversation]


def meant(button: Button | None, said: Said) -> str:
    """Return the words that go to Rasa: the text, or what the button that was offered here says.

    Raises:
        Refusal: no such button is open in this conversation.
    """
    if not said.button:
        return said.text
    if button is None:
        raise Refusal("closed")
    return button.payload


def same(kept: tuple[str, dict[str, Any]], said: Said) -> dict[str, Any]:
    """Return the kept answer of a message that was sent again.

    Raises:
        Refusal: the key was used for other words.
    """
    before, answer = kept
    if before != said.hash:
        raise Refusal("other_words")
    return answer
