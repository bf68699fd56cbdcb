"""Where people stand in training: the gateway asks the action server, on this machine, with the private line's word.

It keeps nothing and decides nothing. Where the action server is down, nothing is known, and nobody is kept waiting.
"""

import asyncio
from typing import Any

import aiohttp

from bot.gateway.line import HEADER

ALIVE_SECONDS, SECONDS = 2, 10


class Standing:
    """Asks the action server at an address that ends in a slash, kept open between questions."""

    def __init__(self, url: str, word: str) -> None:
        self.url, self.word = url, word
        self.client: aiohttp.ClientSession | None = None

    async def of(self, person: str) -> dict[str, Any] | None:
        """Return where a person stands; None where that cannot be known just now."""
        found: dict[str, Any] | None = await self.ask("standing", {"person": person})
        return found

    async def due(self) -> list[dict[str, str]]:
        """Return whose training is due or overdue; nobody's where that cannot be known just now."""
        found: list[dict[str, str]] | None = await self.ask("due", {})
        return found or []

    async def ask(self, what: str, body: dict[str, str]) -> Any:
        """Return an answer; None where there is none."""
        try:
            async with self.opened().post(self.url + what, json=body, raise_for_status=True) as response:
                return await response.json()
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
            return None

    def opened(self) -> aiohttp.ClientSession:
        """Return the connection, opened at the first use: it belongs to the loop that serves."""
        if self.client is None:
            timeout = aiohttp.ClientTimeout(SECONDS, sock_connect=ALIVE_SECONDS)
            self.client = aiohttp.ClientSession(headers={HEADER: self.word}, timeout=timeout)
        return self.client

    async def close(self) -> None:
        """Hang up."""
        if self.client is not None:
            await self.client.close()
