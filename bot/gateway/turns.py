"""One turn: in order within its conversation, said once however often it is sent, clicks only as offered.

Every channel of the gateway goes through here; it reads no situation and draws nothing.
"""

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy.exc import IntegrityError

from bot.gateway.answer import Answer, Button
from bot.gateway.line import Line
from bot.gateway.refusal import Down, Refusal, words
from bot.gateway.store import Store
from bot.gateway.watch import Seen, Watch

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

    def __init__(self, line: Line, store: Store, channel: str, watch: Watch | None = None) -> None:
        self.line, self.store, self.channel, self.watch = line, store, channel, watch or Watch()
        self.locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.waiting: Counter[str] = Counter()

    async def take(self, conversation: str, said: Said) -> dict[str, Any]:
        """Return the answer to what was said, the kept one where it was answered before.

        Raises:
            Refusal: forgotten, too many waiting, a click that is not open, a key that was used for other words.
            Down: a part behind the gateway failed; nothing is kept, so the same key may be tried again.
        """
        with self.watch.turn(self.channel, conversation) as seen:
            async with self.order(conversation):
                return await self.answer(conversation, said, seen)

    async def answer(self, conversation: str, said: Said, seen: Seen) -> dict[str, Any]:
        """Return the answer of a turn that has come; what it came to is noticed."""
        known = await self.store.soon(self.store.known, conversation, said.key, said.button)
        if known.forgotten:
            raise Refusal("forgotten")
        if known.answered:
            seen.again = True
            return same(known.answered, said)
        text = meant(known.button, said)
        answer = await (self.begin_anew(conversation) if asks_to_forget(text) else self.ask(conversation, said, text))
        seen.reply = answer.reply
        return await self.keep(conversation, said, answer)

    async def keep(self, conversation: str, said: Said, answer: Answer) -> dict[str, Any]:
        """Keep an answer and return it; where another gateway has kept one under this key meanwhile, return that."""
        try:
            await self.store.soon(self.store.keep, conversation, said.key, said.hash, answer)
        except IntegrityError:
            kept = (await self.store.soon(self.store.known, conversation, said.key, "")).answered
            if kept is None:
                raise
            return same(kept, said)
        return answer.as_json()

    async def ask(self, conversation: str, said: Said, text: str) -> Answer:
        """Return Rasa's answer."""
        return Answer.of(await self.line.say(conversation, self.channel, said, text))

    async def begin_anew(self, conversation: str) -> Answer:
        """Forget what was said in a conversation that goes on, because somebody asked for it in words.

        Raises:
            Refusal: Rasa is down, so it is not forgotten yet.
        """
        try:
            await self.line.forget(conversation)
        except Down as error:
            raise Refusal("not_forgotten") from error
        await self.store.soon(self.store.clear, conversation)
        return Answer.of([{"custom": {"type": "small_talk", "text": str(words()["forgotten_here"]["text"])}}])

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


def asks_to_forget(text: str) -> bool:
    """Say whether the words ask for nothing but to have this conversation forgotten."""
    return " ".join(re.findall(r"[a-z]+", text.lower())) in words()["forgotten_here"]["said"]


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
