"""Two addresses beside the actions, by which the gateway asks who stands where in training and whose training is due.

Only who says the word of the private line is answered (guard.py). What is told, knowledge decides.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from sanic import HTTPResponse, Request, Sanic, json
from sanic.exceptions import SanicException
from sqlalchemy.exc import SQLAlchemyError

from knowledge.training.whereabouts import Whereabouts


def add_standing(app: Sanic[Any, Any], where: Whereabouts) -> None:
    """Add /standing and /due to the action server."""

    async def standing(request: Request[Any, Any]) -> HTTPResponse:
        person = person_of(request)
        return await told(lambda: where.of(person)) if person else refused("malformed", 400)

    async def due(_: Request[Any, Any]) -> HTTPResponse:
        return await told(where.due)

    app.add_route(standing, "/standing", methods=["POST"])
    app.add_route(due, "/due", methods=["POST"])


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
