"""The private line to Rasa: the gateway is the only one that knows its word. It reads no reply."""

from typing import Any

import httpx

from bot.gateway.refusal import Down

HEADER = "X-Whatnow-Line"
AT_ONCE = 40


class Line:
    """One line, kept open between turns."""

    def __init__(self, url: str, word: str, seconds: float) -> None:
        self.client = httpx.AsyncClient(
            base_url=url,
            headers={HEADER: word},
            timeout=httpx.Timeout(seconds, connect=2),
            limits=httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE),
            trust_env=False,  # a school's proxy is not on the way to this machine itself
        )

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
            return (await self.client.post(what, json=body)).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise Down from error

    async def is_up(self) -> bool:
        """Say whether Rasa answers."""
        try:
            return (await self.client.get("", timeout=2)).is_success
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Hang up."""
        await self.client.aclose()
