"""A client of the web channel, as the page is one, for the tests."""

import secrets
from typing import Any

import httpx

from bot.settings import Settings


class WebClient:
    """One conversation."""

    def __init__(self, settings: Settings) -> None:
        """Begin a conversation."""
        lines = httpx.Limits(max_connections=100, max_keepalive_connections=100)  # none is closed while another is read
        self.http = httpx.Client(base_url=settings.gateway_url, timeout=60, limits=lines)
        self.token = self.http.post("/api/session", json={}).raise_for_status().json()["token"]

    def post(self, path: str, body: Any, token: str | None = None) -> httpx.Response:
        """Post anything, with this conversation's token or another."""
        shown = self.token if token is None else token
        headers = {"Authorization": f"Bearer {shown}"} if shown else {}
        return self.http.post(path, json=body, headers=headers)

    def send(self, key: str = "", **said: str) -> httpx.Response:
        """Send a text or a button, under a new key or this one."""
        return self.post("/api/say", {"key": key or secrets.token_hex(8), **said})

    def say(self, text: str) -> dict[str, Any]:
        """Return the answer to a text."""
        return self.send(text=text).raise_for_status().json()
