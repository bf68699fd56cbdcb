"""Serve the gateway: `python -m bot.gateway.serve`. Also hangs up on whoever does not finish asking in time."""

import asyncio
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.gateway import logs
from bot.gateway.app import build_app
from bot.settings import Settings

AT_ONCE = 500
KEEP_ALIVE = 15
LONGEST_HEADERS = 64_000  # bytes; whatever comes at once is read whole, so a little more may be


class Impatient(HttpToolsProtocol):
    """Closes a connection whose request line and headers are too slow or too long: uvicorn would take them for ever.

    This holds for each further request of a connection as it does for the first.
    """

    patience = 10.0
    waiting: asyncio.TimerHandle | None = None
    in_headers, heard = True, 0

    def connection_made(self, transport: Any) -> None:
        """Begin to wait as soon as somebody connects."""
        super().connection_made(transport)
        self.begin_to_wait()

    def begin_to_wait(self) -> None:
        """Give the headers their time."""
        self.waiting = self.loop.call_later(self.patience, self.transport.close)

    def data_received(self, data: bytes) -> None:
        """Wait from the first sign of a further request on, and hear only so much of its headers."""
        if self.waiting is None and (self.cycle is None or self.cycle.response_complete):
            self.begin_to_wait()
        self.heard += len(data)
        super().data_received(data)
        if self.in_headers and self.heard > LONGEST_HEADERS and not self.transport.is_closing():
            self.send_400_response("Too long to be a request.")

    def on_headers_complete(self) -> None:
        """The request is here; its body is timed elsewhere (body.py)."""
        self.in_headers = False
        self.wait_no_more()
        super().on_headers_complete()
        if self.parser.should_upgrade():  # to nothing here; the parser does not know where its body ends
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """The body is here: what comes now is another request."""
        self.in_headers, self.heard = True, 0
        super().on_message_complete()

    def wait_no_more(self) -> None:
        """Let the connection be."""
        if self.waiting:
            self.waiting.cancel()
        self.waiting = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self.wait_no_more()
        super().connection_lost(exc)


def main() -> None:
    """Serve until stopped."""
    settings = Settings()
    logs.install()
    Impatient.patience = settings.slow_seconds
    uvicorn.run(
        build_app(settings),
        host=settings.host,
        port=settings.port,
        http=Impatient,
        ws="none",  # there is none here; uvicorn would wait for its handshake without end
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        limit_concurrency=AT_ONCE,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
