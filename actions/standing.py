"""Two addresses beside the actions, by which the gateway asks who stands where in training and whose training is due.

Only who says the word of the private line is answered; without a word set, nobody is. What is told, knowledge decides.
"""

import asyncio
import hmac
import os
from collections.abc import Callable
from typing import Any

from sanic import HTTPResponse, Request, Sanic, json
from sanic.exceptions import SanicException
from sqlalchemy.exc import SQLAlchemyError

from knowledge.training.whereabouts import Whereabouts

HEADER = "X-Whatnow-Line"
WORD = "WHATNOW_LINE_WORD"


def add_standing(app: Sanic[Any, Any], where: Whereabouts) -> None:
    """Add /standing and /due to the action server."""

    async def standing(request: Request[Any, Any]) -> HTTPResponse:
        if not may_ask(request):
            return refused("foreign", 403)
        person = person_of(request)
        return await told(lambda: where.of(person)) if person else refused("malformed", 400)

    async def due(request: Request[Any, Any]) -> HTTPResponse:
        return await told(where.due) if may_ask(request) else refused("foreign", 403)

    app.add_route(standing, "/standing", methods=["POST"])
    app.add_route(due, "/due", methods=["POST"])


def may_ask(request: Request[Any, Any]) -> bool:
    """Say whether who asks knows the word."""
    word = os.environ.get(WORD, "")
    return bool(word) and hmac.compare_digest(word.encode(), request.headers.get(HEADER, "").encode())


def person_of(request: Request[Any, Any]) -> str | None:
    """Return the person who is asked about; None where the request names none."""
    try:
        asked = request.json
    except SanicException:
        return None
    person = asked.get("person") if isinstance(asked, dict) else None
    return person if isinstance(person, str) else None


async def told(ask: Callable[[], Any]) -> HTTPResponse:
    """Answer by the record, read beside the loop that runs the actions."""
    try:
        return json(await asyncio.to_thread(ask))
    except SQLAlchemyError:
        return refused("down", 503)


def refused(error: str, status: int) -> HTTPResponse:
    """Return a refusal."""
    return json({"error": error}, status)
