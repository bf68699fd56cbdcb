"""The web channel: what the page and the widget's frame send. A token in a header, no cookie; JSON in, JSON out."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.gateway.body import read_object, refuse_foreign
from bot.gateway.limits import Limits
from bot.gateway.refusal import Down, Refusal
from bot.gateway.sessions import Sessions
from bot.gateway.turns import Said, Turns
from bot.settings import Settings

CHANNEL = "web"
BEARER = re.compile(r"Bearer (\S+)")
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]


class Sent(BaseModel):
    """What may be sent: a key, and either typed text or the id of a button. Anything else is no message."""

    model_config = ConfigDict(extra="forbid", strict=True)

    key: Key
    text: str | None = None
    button: Annotated[str, Field(min_length=1, max_length=32)] | None = None


class Web:
    """The web's addresses."""

    def __init__(self, settings: Settings, sessions: Sessions, turns: Turns, limits: Limits) -> None:
        self.settings, self.sessions, self.turns, self.limits = settings, sessions, turns, limits

    def routes(self) -> list[Route]:
        """Return the web's addresses."""
        return [
            Route("/api/session", self.session, methods=["POST"]),
            Route("/api/say", self.say, methods=["POST"]),
            Route("/api/forget", self.forget, methods=["POST"]),
        ]

    async def session(self, request: Request) -> Response:
        """Begin a conversation, or renew the token of one's own."""
        await self.receive(request)
        token = bearer(request)
        fresh = self.sessions.renew(self.sessions.conversation(token)) if token else self.sessions.issue()
        return answer({"token": fresh, "seconds": self.sessions.seconds}, 201)

    async def say(self, request: Request) -> Response:
        """Take one turn."""
        body = await self.receive(request)
        conversation = self.sessions.conversation(bearer(request))
        self.limits.note_conversation(conversation)
        return answer(await self.turns.take(conversation, self.read(body)))

    async def forget(self, request: Request) -> Response:
        """Forget the conversation; where Rasa is down it is closed here, and goes with Rasa's own next start."""
        await self.receive(request)
        try:
            await self.turns.forget(self.sessions.conversation(bearer(request)))
        except Down:
            return answer({"forgotten": True, "everywhere": False})
        return answer({"forgotten": True, "everywhere": True})

    async def receive(self, request: Request) -> dict[str, Any]:
        """Return a request's JSON object, once it may be heard at all."""
        refuse_foreign(request)
        self.limits.note_address(request.client.host if request.client else "unknown")
        return await read_object(request, self.settings.longest_body, self.settings.slow_seconds)

    def read(self, body: dict[str, Any]) -> Said:
        """Return what was said.

        Raises:
            Refusal: it is no message, or too long a one.
        """
        try:
            sent = Sent.model_validate(body)
        except ValidationError as error:
            raise Refusal("malformed") from error
        text = (sent.text or "").strip()
        if bool(text) == bool(sent.button):
            raise Refusal("malformed")
        if len(text) > self.settings.longest_text:
            raise Refusal("too_long", limit=self.settings.longest_text)
        return Said(sent.key, text, sent.button or "")


def bearer(request: Request) -> str:
    """Return the token that came with a request; empty where there is none."""
    found = BEARER.fullmatch(request.headers.get("authorization", ""))
    return found.group(1) if found else ""


def answer(body: dict[str, Any], status: int = 200) -> JSONResponse:
    """Return a JSON answer that nobody on the way keeps."""
    return JSONResponse(body, status, {"Cache-Control": "no-store"})
