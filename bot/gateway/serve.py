"""Serve the gateway: `python -m bot.gateway.serve`. Also hangs up on whoever does not finish asking in time."""

import asyncio
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.gateway.app import build_app
from bot.settings import Settings

AT_ONCE = 500
KEEP_ALIVE = 15


class Impatient(HttpToolsProtocol):
    """Closes a connection whose request line and headers take too long: uvicorn itself would wait for ever."""

    patience = 10.0
    waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait as soon as somebody connects."""
        super().connection_made(transport)
        self.waiting = self.loop.call_later(self.patience, transport.close)

    def on_headers_complete(self) -> None:
        """The request is here; its body is timed elsewhere (body.py)."""
        if self.waiting:
            self.waiting.cancel()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        if self.waiting:
            self.waiting.cancel()
        super().connection_lost(exc)


def main() -> None:
    """Serve until stopped."""
    settings = Settings()
    Impatient.patience = settings.slow_seconds
    uvicorn.run(
        build_app(settings),
        host=settings.host,
        port=settings.port,
        http=Impatient,
        access_log=False,
        log_level="warning",
        server_header=False,
        limit_concurrency=AT_ONCE,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
