"""The gateway's private line inside Rasa: no one else knows its word, and what it says was checked by the gateway.

It sets sender and channel as the gateway says them, takes a click's payload as it was offered, and typed text as text
only. A turn that is asked for twice under one key is taken once. It reads no situation.
"""

import asyncio
import hmac
import os
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Dict, List, Optional

from cachetools import TTLCache
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channel import WholeReply, as_typed, request_json, turn
from bot.once import take_once

HEADER = "X-Whatnow-Line"
WORD = "WHATNOW_LINE_WORD"
REMEMBERED, REMEMBERED_SECONDS = 1000, 600
Messages = List[Dict[str, Any]]
Receive = Callable[[UserMessage], Awaitable[Any]]


class Once:
    """Takes each (conversation, key) once: who asks again while it runs, or after, gets the same messages."""

    def __init__(self) -> None:
        self.turns: "TTLCache[Any, asyncio.Task[Messages]]" = TTLCache(REMEMBERED, REMEMBERED_SECONDS)

    def forget(self, sender: str) -> None:
        """Let go of a conversation's turns."""
        for which in [each for each in self.turns if each[0] == sender]:
            self.turns.pop(which, None)

    async def take(self, which: Any, begin: Callable[[], Awaitable[Messages]]) -> Messages:
        """Return the turn's messages; a turn that failed may be tried again."""
        task = self.turns.get(which)
        if task is None:
            task = self.turns[which] = asyncio.ensure_future(begin())
        messages: Messages = await asyncio.shield(task)
        if not any(each.get("custom") for each in messages):
            self.turns.pop(which, None)
        return messages


def spoken(body: Any) -> Optional[Dict[str, Any]]:
    """Return the body of a turn where it has the right form."""
    if not isinstance(body, dict) or not isinstance(body.get("click"), bool):
        return None
    words = [body.get(each) for each in ("sender", "channel", "text", "key")]
    return body if all(isinstance(each, str) for each in words) and body["sender"] else None


class PrivateLine(InputChannel):
    """What the gateway says, and nobody else."""

    def __init__(self, word: str) -> None:
        self.word, self.once = word, Once()

    @classmethod
    def name(cls) -> str:
        """Return the name in the address: /webhooks/line/."""
        return "line"

    @classmethod
    def from_credentials(cls, _: Optional[Dict[str, Any]]) -> "PrivateLine":
        """Take the word from the environment: it is made at the first start and stands in no file of the project."""
        return cls(os.environ.get(WORD, ""))

    def knows(self, request: Request) -> bool:
        """Say whether a request comes from the gateway; without a word nobody is."""
        return bool(self.word) and hmac.compare_digest(request.headers.get(HEADER, "").encode(), self.word.encode())

    def blueprint(self, _: Receive) -> Blueprint:
        """Return the line's addresses."""
        line = Blueprint("private_line", __name__)

        @line.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            ready = request.app.ctx.agent.is_ready()  # Rasa serves on without a model where its loading failed
            return response.json({"status": "ok" if ready else "no model"}, status=200 if ready else 503)

        @line.route("/say", methods=["POST"])
        async def say(request: Request) -> HTTPResponse:
            body = spoken(request_json(request)) if self.knows(request) else None
            if body is None:
                return response.empty(status=403)
            take = partial(take_once, request.app.ctx.agent)
            messages = await self.once.take((body["sender"], body["key"]), lambda: whole_turn(take, body))
            return response.json(messages)

        @line.route("/forget", methods=["POST"])
        async def forget(request: Request) -> HTTPResponse:
            body = request_json(request) if self.knows(request) else None
            if not isinstance(body, dict) or not isinstance(body.get("sender"), str):
                return response.empty(status=403)
            self.once.forget(body["sender"])
            await erase(request.app.ctx.agent, body["sender"])
            return response.json({"forgotten": True})

        @line.route("/held", methods=["POST"])
        async def held(request: Request) -> HTTPResponse:
            body = request_json(request) if self.knows(request) else None
            if not isinstance(body, dict) or not isinstance(body.get("sender"), str):
                return response.empty(status=403)
            tracker = await request.app.ctx.agent.tracker_store.retrieve_full_tracker(body["sender"])
            return response.json({"events": [event.as_dict() for event in tracker.events] if tracker else []})

        return line


async def whole_turn(take: Receive, body: Dict[str, Any]) -> Messages:
    """Take one turn of the gateway's."""
    text = body["text"] if body["click"] else as_typed(body["text"])
    who = {key: body[key] for key in ("person", "name") if isinstance(body.get(key), str)}
    message = UserMessage(
        *(text, WholeReply(), body["sender"]), input_channel=body["channel"], message_id=body["key"], metadata=who
    )
    messages = await turn(take, message)
    return [{key: each[key] for key in ("custom", "buttons") if key in each} for each in messages]  # custom holds text


async def erase(agent: Any, sender: str) -> None:
    """Erase this conversation: nothing of it is left in the store."""
    async with agent.lock_store.lock(sender):
        await asyncio.to_thread(agent.tracker_store.forget, sender)
