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
from starlette.responses import Response

from bot.gateway.channels import Channels, at_work
from bot.gateway.headers import SecurityHeaders
from bot.gateway.limits import Limits
from bot.gateway.line import Line
from bot.gateway.logs import Log
from bot.gateway.metrics import Metrics, MetricsPage
from bot.gateway.pages import Pages
from bot.gateway.ready import Ready
from bot.gateway.refusal import Down, Refusal
from bot.gateway.reminders import Reminders
from bot.gateway.sessions import Sessions
from bot.gateway.standing import Standing
from bot.gateway.store import Store, connect
from bot.gateway.sweep import sweep
from bot.gateway.turns import Turns
from bot.gateway.watch import Watch
from bot.gateway.web import CHANNEL, Web
from bot.secret import line_word, load_secret
from bot.settings import Settings

PURGE_SECONDS = 3600
HTTP_NAMES = {404: "missing", 405: "method"}


def build_app(settings: Settings) -> Starlette:
    """Return the gateway, ready to be served."""
    secret, store = load_secret(settings.state), Store(connect(settings.database))
    metrics = Metrics()
    watch = Watch(metrics, Log(secret))
    line = Line(settings.line_url, line_word(secret), settings.turn_seconds)
    sessions, limits = Sessions(secret, settings.session_hours), Limits(settings)
    web = Web(settings, sessions, Turns(line, store, CHANNEL, watch), limits)
    standing = Standing(settings.actions_home, line_word(secret))
    opener = Channels(settings, secret, line, store, limits, watch)
    channels = opener.open(standing)
    metrics.follow(store.engine, channels.keys())
    reminders = Reminders(store.engine, standing, opener.addresses, watch.reminding(channels))

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        purging = asyncio.create_task(keep_purging(store, settings))
        async with at_work(channels):
            if settings.reminders and channels:
                reminders.start()
            yield
            reminders.stop()
        purging.cancel()
        await standing.close()
        await line.close()

    async def refuse_http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return await watch.answer(request, Refusal(HTTP_NAMES.get(status, "malformed")))

    return Starlette(
        routes=[
            *Pages(settings).routes(),
            *web.routes(),
            *(route for channel in channels.values() for route in channel.routes()),
            *Ready(line, settings.actions_url, store.engine).routes(),
            *MetricsPage(metrics, settings.metrics_word).routes(),
        ],
        middleware=[Middleware(SecurityHeaders, origins=settings.origins)],
        exception_handlers={
            Refusal: watch.answer,
            Down: watch.answer,
            SQLAlchemyError: watch.answer,
            HTTPException: refuse_http,
            Exception: watch.answer,
        },
        lifespan=lifespan,
    )


async def keep_purging(store: Store, settings: Settings) -> None:
    """Drop, now and every hour, what no token can open any more."""
    while True:
        with contextlib.suppress(SQLAlchemyError):
            await run_in_threadpool(sweep, store, settings)
        await asyncio.sleep(PURGE_SECONDS)
