"""The REST channel inside Rasa: typed text is never anything but text.

Named `rest`, so it stands in Rasa's own place. It refuses what is no message, takes the leading slash off typed text
(no intent and no slot is ever set by typing), keeps text, object and buttons of a reply in one message, and says the
safe static words when a turn brings nothing. It reads no situation and decides nothing.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Optional

import yaml
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import call, validation

LONGEST_BODY = 1_000_000
COMMAND = re.compile(r"^[\s/]+")  # all of it at once: behind one slash and a blank may stand the next
LONGEST_SENDER, LONGEST_TEXT = 200, 50_000  # characters; a million would hold up everybody for a quarter of a minute
OPEN = "rest-"  # before every sender here: nobody can name his way into a conversation of the gateway's
TURN_SECONDS = 30
DOMAIN = Path(__file__).parent.parent / "domain.yml"
logger = logging.getLogger(__name__)
validation.install()
call.install()


def static_text(name: str) -> str:
    """Return a static response of domain.yml."""
    responses = yaml.safe_load(DOMAIN.read_text(encoding="utf8"))["responses"]
    return str(responses[name][0]["text"])


def as_typed(text: str) -> str:
    """Return the text without what Rasa would read as a command: leading slashes, at the start of what was typed."""
    return COMMAND.sub("", text).strip() or "."


def readable(body: Any) -> Optional[tuple[str, str]]:
    """Return (sender, message) of a request's body, or None where it is not a message."""
    if not isinstance(body, dict):
        return None
    sender, message = body.get("sender"), body.get("message")
    if not isinstance(sender, str) or not isinstance(message, str):
        return None
    if not 0 < len(sender.strip()) <= LONGEST_SENDER or len(message) > LONGEST_TEXT:
        return None
    return (sender, message) if is_whole(sender) and is_whole(message) else None


def is_whole(text: str) -> bool:
    """Say whether a text can be written down: JSON can hold half a character, and no database can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class WholeReply(CollectingOutputChannel):
    """Collects a reply with its text, object and buttons in one message; `shown` is the name the caller gave."""

    def __init__(self, shown: Optional[str] = None) -> None:
        super().__init__()
        self.shown = shown

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "rest"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep the whole message as one."""
        parts = {key: message[key] for key in ("text", "custom", "buttons") if message.get(key)}
        self.messages.append({"recipient_id": self.shown or recipient_id, **parts})


class TypedRest(InputChannel):
    """Rasa's REST channel, for typed text only."""

    @classmethod
    def name(cls) -> str:
        """Return the name in the address: /webhooks/rest/webhook."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the channel's two addresses."""
        webhook = Blueprint("typed_rest", __name__)

        @webhook.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            found = readable(request_json(request))
            if found is None:
                return response.json([{"text": static_text("utter_refused")}], status=400)
            sender, text = found
            message = UserMessage(as_typed(text), WholeReply(sender), OPEN + sender, input_channel="rest")
            return response.json(await turn(on_new_message, message))

        return webhook


def request_json(request: Request) -> Any:
    """Return the request's JSON, or None where it is too large or none."""
    if len(request.body) > LONGEST_BODY:
        return None
    try:
        return request.json
    except Exception:  # noqa: BLE001  (whatever a stranger sent, it is not a message)
        return None


async def turn(on_new_message: Callable[[UserMessage], Awaitable[Any]], message: UserMessage) -> list[dict[str, Any]]:
    """Return the messages of one turn; the safe static words where it fails, takes too long or says nothing.

    What a turn that failed has said is not passed on: it is kept nowhere, so what follows it would not be understood.
    """
    try:
        await asyncio.wait_for(on_new_message(message), TURN_SECONDS)
    except Exception:
        logger.exception("a turn failed")
        message.output_channel.messages.clear()
    return message.output_channel.messages or [{"text": static_text("utter_safe")}]
