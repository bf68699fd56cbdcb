"""The private line to Rasa: the gateway is the only one that knows its word. It reads no reply."""

import asyncio
from typing import Any, Protocol

import aiohttp

from bot.gateway.refusal import Down

HEADER = "X-Whatnow-Line"
AT_ONCE = 40
ALIVE_SECONDS = 2


class Turn(Protocol):
    """What the line must know of a turn."""

    @property
    def key(self) -> str:
        """The same when it is sent again."""

    @property
    def button(self) -> str:
        """Empty where something was typed."""

    @property
    def person(self) -> str | None:
        """Who speaks, where the channel says so."""

    @property
    def name(self) -> str | None:
        """Their name, where the channel says it."""


class Line:
    """One line, kept open between turns. It never goes by a proxy: the way is within this machine."""

    def __init__(self, url: str, word: str, seconds: float) -> None:
        self.url, self.word, self.seconds = url, word, seconds
        self.client: aiohttp.ClientSession | None = None

    def opened(self) -> aiohttp.ClientSession:
        """Return the line, opened at the first use: it belongs to the loop that serves."""
        if self.client is None:
            self.client = aiohttp.ClientSession(
                headers={HEADER: self.word},
                connector=aiohttp.TCPConnector(limit=AT_ONCE),
                timeout=aiohttp.ClientTimeout(self.seconds, sock_connect=ALIVE_SECONDS),
            )
        return self.client

    async def say(self, conversation: str, channel: str, turn: Turn, text: str) -> list[dict[str, Any]]:
        """Say something in a conversation; return Rasa's messages.

        Args:
            conversation: its id.
            channel: which of the gateway's it is in.
            turn: its key, whether it is a click, and who speaks.
            text: the words, or what the button that was clicked says.

        Raises:
            Down: Rasa is not there, hangs, or fails.
        """
        body = {"sender": conversation, "channel": channel, "text": text, "key": turn.key, "click": bool(turn.button)}
        who = {"person": turn.person, "name": turn.name}
        messages: list[dict[str, Any]] = await self.post("say", {**body, **who})
        return messages

    async def forget(self, conversation: str) -> None:
        """Make Rasa forget a conversation.

        Raises:
            Down: it could not.
        """
        await self.post("forget", {"sender": conversation})

    async def post(self, what: str, body: dict[str, Any]) -> Any:
        """Post to the line; whatever goes wrong there is one fault here."""
        try:
            async with self.opened().post(self.url + what, json=body, raise_for_status=True) as response:
                return await response.json()
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise Down from error

    async def is_up(self, url: str | None = None) -> bool:
        """Say whether Rasa answers, or another part of this machine at its address."""
        try:
            timeout = aiohttp.ClientTimeout(ALIVE_SECONDS)
            async with self.opened().get(url or self.url, timeout=timeout) as response:
                return response.ok
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False

    async def close(self) -> None:
        """Hang up."""
        if self.client is not None:
            await self.client.close()
