"""Who may ask the action server: whoever knows the word of the private line, which is Rasa and the gateway.

Anybody with an account on this machine can reach its port, and could have training recorded under somebody's name.
Without a word set nobody is answered. That the server lives (/health) is no secret.
"""

import hmac
import os
from typing import Any

from sanic import HTTPResponse, Request, Sanic, json

HEADER = "X-Whatnow-Line"
WORD = "WHATNOW_LINE_WORD"
OPEN = "/health"


def guard(app: Sanic[Any, Any]) -> None:
    """Refuse strangers, whatever they ask."""

    @app.on_request
    async def refuse(request: Request[Any, Any]) -> HTTPResponse | None:
        return None if request.path == OPEN or may_ask(request) else json({"error": "foreign"}, 403)


def may_ask(request: Request[Any, Any]) -> bool:
    """Say whether who asks knows the word."""
    word = os.environ.get(WORD, "")
    return bool(word) and hmac.compare_digest(word.encode(), request.headers.get(HEADER, "").encode())
