"""Read a request's body without trusting it: how large, how slow, from which page, and whether it is JSON at all."""

import asyncio
import contextlib
import json
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request

from bot.gateway.refusal import Refusal

PATIENCE = 2.0  # seconds in which a body that is refused may still come to its end


def refuse_foreign(request: Request) -> None:
    """Make sure that no page but our own sent this: browsers say where a request comes from.

    Raises:
        Refusal: another page did.
    """
    origin = request.headers.get("origin")
    if origin is not None and host_of(origin) != request.headers.get("host"):
        raise Refusal("foreign")
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Refusal("foreign")


def host_of(origin: str) -> str:
    """Return the host and port of an origin; empty where it is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


async def read_object(request: Request, longest: int, seconds: float) -> dict[str, Any]:
    """Return the JSON object that was sent: at most `longest` bytes, within so many seconds.

    Raises:
        Refusal: too large, too slow, or no JSON object.
    """
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Refusal("not_json")
    try:
        async with asyncio.timeout(seconds):
            found = json.loads(await read_at_most(request, longest))
        json.dumps(found, ensure_ascii=False).encode()  # half a character: JSON can hold it, text cannot
    except (TimeoutError, ClientDisconnect) as error:  # hung up on, nobody hears it: what counts is an end in order
        raise Refusal("slow") from error
    except (ValueError, RecursionError) as error:
        raise Refusal("malformed") from error
    if not isinstance(found, dict):
        raise Refusal("malformed")
    return found


async def read_at_most(request: Request, longest: int) -> bytes:
    """Return the body's bytes; what says or proves itself larger is refused and dropped.

    Raises:
        Refusal: it is larger.
    """
    said = request.headers.get("content-length", "0")
    if not said.isdigit() or int(said) > longest:
        await let_finish(request)
        raise Refusal("too_large")
    whole = bytearray()
    async for part in request.stream():
        whole += part
        if len(whole) > longest:
            await let_finish(request)
            raise Refusal("too_large")
    return bytes(whole)


async def let_finish(request: Request) -> None:
    """Drop what is still coming, for a moment: hung up on in the middle, a sender would not see why."""
    with contextlib.suppress(TimeoutError, ClientDisconnect, RuntimeError):
        async with asyncio.timeout(PATIENCE):
            async for _ in request.stream():
                pass
