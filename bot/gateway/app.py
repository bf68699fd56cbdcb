"""Put the gateway together: pages, web channel, health, refusals in words, security headers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.gateway.channels import Channels, at_work
from bot.gateway.headers import SecurityHeaders
from bot.gateway.limits import Limits
from bot.gateway.line import Line
from bot.gateway.pages import Pages
from bot.gateway.refusal import Down, Refusal, answer_refusal
from bot.gateway.reminders import Reminders
from bot.gateway.sessions import Sessions
from bot.gateway.standing import Standing
from bot.gateway.store import Store, connect
from bot.gateway.turns import Turns
from bot.gateway.web import CHANNEL, Web
from bot.secret import line_word, load_secret
from bot.settings import Settings

PURGE_SECONDS = 3600
HTTP_NAMES = {404: "missing", 405: "method"}


def build_app(settings: Settings) -> Starlette:
    """Return the gateway, ready to be served."""
    secret, store = load_secret(settings.state), Store(connect(settings.database))
    line = Line(settings.line_url, line_word(secret), settings.turn_seconds)
    sessions, limits = Sessions(secret, settings.session_hours), Limits(settings)
    web = Web(settings, sessions, Turns(line, store, CHANNEL), limits)
    standing = Standing(settings.actions_home, line_word(secret))
    opener = Channels(settings, secret, line, store, limits)
    channels = opener.open(standing)
    reminders = Reminders(store.engine, standing, opener.addresses, channels)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        purging = asyncio.create_task(keep_purging(store, sessions.seconds))
        async with at_work(channels):
            if settings.reminders and channels:
                reminders.start()
            yield
            reminders.stop()
        purging.cancel()
        await standing.close()
        await line.close()

    async def ready(_: Request) -> Response:
        up = {"rasa": await line.is_up(), "actions": await line.is_up(settings.actions_url)}
        return JSONResponse({"ready": all(up.values()), **up}, 200 if all(up.values()) else 503)

    return Starlette(
        routes=[
            *Pages(settings).routes(),
            *web.routes(),
            *(route for channel in channels.values() for route in channel.routes()),
            Route("/health", alive),
            Route("/ready", ready),
        ],
        middleware=[Middleware(SecurityHeaders, origins=settings.origins)],
        exception_handlers={
            Refusal: answer_refusal,
            Down: answer_refusal,
            SQLAlchemyError: answer_refusal,
            HTTPException: refuse_http,
        },
        lifespan=lifespan,
    )


async def alive(_: Request) -> Response:
    """Say that this process answers."""
    return JSONResponse({"status": "ok"})


def refuse_http(request: Request, error: Exception) -> Response:
    """Answer what Starlette itself refuses, in our words."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return answer_refusal(request, Refusal(HTTP_NAMES.get(status, "malformed")))


async def keep_purging(store: Store, seconds: float) -> None:
    """Drop, now and every hour, what no token can open any more."""
    while True:
        with contextlib.suppress(SQLAlchemyError):
            await run_in_threadpool(store.purge, seconds)
        await asyncio.sleep(PURGE_SECONDS)
