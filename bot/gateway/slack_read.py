"""Read what Slack sends: a request that may not be proved yet, and an event as what must be known to answer it.

Of files it reads only that there are some. It answers nothing.
"""

import asyncio
import html
import logging
import re

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncBoltRequest
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request

from bot.gateway.body import read_at_most
from bot.gateway.inbox import Job
from bot.gateway.refusal import Refusal
from bot.gateway.watch import Watch

LONGEST_BODY = 1_000_000  # a message of 40,000 characters, its blocks and all that Slack says beside it
logger = logging.getLogger(__name__)
STAMP = re.compile(r"[0-9]{1,15}")
LABELLED, BARE = re.compile(r"<[^|>]+\|([^>]+)>"), re.compile(r"<([^>]*)>")


async def read(request: Request, seconds: float) -> AsyncBoltRequest:
    """Return a request as bolt reads it; it may not be signed yet.

    Raises:
        Refusal: too large, too slow, or nothing that Slack would send.
    """
    try:
        async with asyncio.timeout(seconds):
            raw = await read_at_most(request, LONGEST_BODY)
        if not STAMP.fullmatch(request.headers.get("x-slack-request-timestamp", "0")):
            raise Refusal("malformed")
        return AsyncBoltRequest(body=raw.decode(), headers=dict(request.headers))
    except (TimeoutError, ClientDisconnect) as error:
        raise Refusal("slow") from error
    except (ValueError, RecursionError, AttributeError, TypeError, LookupError) as error:
        raise Refusal("malformed") from error


async def answer_unread(watch: Watch, error: Exception) -> BoltResponse:
    """Answer an event that could not be kept, so that it is sent again, or cannot be read, so that it is not."""
    logger.warning("an event on slack was not taken: %s", type(error).__name__)
    if not isinstance(error, SQLAlchemyError):
        return BoltResponse(status=400)
    watch.ended_in(error)
    return BoltResponse(status=503)


def is_person(event: Job) -> bool:
    """Say whether a person has written this, as far as the event itself shows."""
    return bool(event.get("user")) and not event.get("bot_id")


def is_chat(place: str) -> bool:
    """Say whether a place is a direct message."""
    return place.startswith("D")


def job_of(event: Job, *, room: bool) -> Job:
    """Return what must be known to answer an event; of files, only that there are some."""
    place = {"user": event["user"], "place": event["channel"], "room": room, "thread": event.get("thread_ts")}
    return {**place, "text": as_typed(event.get("text") or ""), "files": bool(event.get("files"))}


def as_typed(text: str) -> str:
    """Return a message as the person typed it: no mention of the bot, links by their label, signs unescaped."""
    shown = BARE.sub(lambda found: "" if found[1][:1] in "@!#" else found[1], LABELLED.sub(r"\1", text))
    return html.unescape(shown).strip()
