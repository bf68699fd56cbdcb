"""The private line to Rasa: the gateway is the only one that knows its word. It reads no reply."""

import asyncio
from typing import Any

import aiohttp

from bot.gateway.refusal import Down

HEADER = "X-Whatnow-Line"
AT_ONCE = 40
ALIVE_SECONDS = 2


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

    async def say(self, conversation: str, channel: str, key: str, text: str, *, click: bool) -> list[dict[str, Any]]:
        """Say something in a conversation; return Rasa's messages.

        Raises:
            Down: Rasa is not there, hangs, or fails.
        """
        body = {"sender": conversation, "channel": channel, "text": text, "click": click, "key": key}
        messages: list[dict[str, Any]] = await self.post("say", body)
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
