"""The security headers of every answer: what a browser may do with our pages, and who may frame them."""

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EMBEDDABLE, WIDGET = "/embed", "/widget.js"
ALLOWED = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors "
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), display-capture=()",
}


class SecurityHeaders:
    """Puts the headers on every answer."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self.app, self.origins = app, " ".join(origins) or "'none'"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and put the headers on its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.wanted(scope["path"]))
            await send(message)

        await self.app(scope, receive, with_headers)

    def wanted(self, path: str) -> dict[str, str]:
        """Return the headers of one path: only the frame may be framed, only the widget's script used elsewhere."""
        framed = self.origins if path == EMBEDDABLE else "'none'"
        used = "cross-origin" if path == WIDGET else "same-origin"
        return {**ALWAYS, "Content-Security-Policy": ALLOWED + framed, "Cross-Origin-Resource-Policy": used}
