"""Microsoft Teams, through Microsoft's own SDK: proved requests in, thanked at once, answered afterwards, each once.

An answer stands in the person's own chat only: who asks in a team or a group is told that it is there. Edits, bots and
attachments are not read; attachments are refused with the reason and never fetched.
"""

import asyncio
import contextlib
import hashlib
import html
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from microsoft_agents.activity import Activity
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.gateway import teams_card
from bot.gateway.addresses import Addresses
from bot.gateway.body import read_object
from bot.gateway.chat import Chat, Who
from bot.gateway.inbox import Inbox, Job
from bot.gateway.refusal import Refusal, safe_words, words
from bot.gateway.teams_send import Card, Sender, Unreachable
from bot.gateway.teams_token import Forged, Tokens, tenant_of
from bot.gateway.worker import Undelivered, Worker
from bot.settings import Settings

CHANNEL = "teams"
LONGEST_BODY = 256_000  # a card's click carries what Teams adds to it
TYPING_SECONDS = 3.0
BOT = "28:"  # how Teams begins the id of a bot
COPY = "text/html"  # Teams attaches a formatted copy of every text
PERSONAL = "personal"
logging.getLogger("microsoft_agents.activity").setLevel(logging.CRITICAL)  # it writes down what it cannot read


class Teams:
    """The Teams channel of one installation."""

    def __init__(self, settings: Settings, chat: Chat, inbox: Inbox, addresses: Addresses) -> None:
        self.settings, self.chat, self.addresses = settings, chat, addresses
        self.worker = Worker(inbox, self.carry_out, self.safe, chat.turns.watch)
        self.tokens = Tokens(settings)
        self.sender = Sender(self.tokens)

    def routes(self) -> list[Route]:
        """Return Teams' one address."""
        return [Route("/api/messages", self.receive, methods=["POST"])]

    # What Teams sends

    async def receive(self, request: Request) -> Response:
        """Take an activity, once it is proved."""
        body = await read_object(request, LONGEST_BODY, self.settings.slow_seconds)
        activity = read(body)
        try:
            await self.tokens.check(request.headers.get("authorization", ""), activity)
        except Forged as forged:
            return JSONResponse({"error": "forged", "reason": forged.reason}, 401)
        return await self.take(activity)

    async def take(self, activity: Activity) -> Response:
        """Keep what is to be answered; whatever else Teams tells us is thanked for and left."""
        if activity.type == "message" and not is_bot(activity):
            await self.worker.put(event_of(activity), job_of(activity))
        elif is_welcome(activity):
            place = {**job_of(activity), "welcome": True}
            await self.worker.put(f"welcome-{hashed(activity.conversation.id)}", place)
        elif activity.type == "installationUpdate" and activity.action == "remove":
            await self.addresses.forget(person_of(activity))
        elif activity.type == "invoke":
            return JSONResponse({"error": "not offered"}, 501)
        return Response(status_code=202)

    # What is done about it

    async def carry_out(self, event: str, job: Job) -> None:
        """Answer one event.

        Raises:
            Undelivered: Teams cannot be reached, or asks for patience for too long.
        """
        with contextlib.suppress(Unreachable):
            if job.get("welcome"):
                await self.show(job, job["place"], teams_card.tell(words()["welcome"]["text"]))
            else:
                if not job["room"]:
                    await self.addresses.note(job["person"], CHANNEL, address_of(job))
                await self.privately(job, partial(self.answer, event, job))

    async def safe(self, job: Job) -> None:
        """Tell whoever wrote the safe words, as they would be answered; who has only installed us is welcomed later."""
        if not job.get("welcome"):
            await self.privately(job, partial(self.show, job, drawn=teams_card.tell(safe_words())))

    async def privately(self, job: Job, say: Callable[[str], Awaitable[None]]) -> None:
        """Say something in the person's own chat; who wrote in a room is told there only that it is."""
        if not job["room"]:
            await say(job["place"])
            return
        try:
            chat = await self.sender.personal(job["service"], job["tenant"], job["bot"], job["user"])
        except Unreachable:
            await self.show(job, job["place"], teams_card.tell(words()["not_private"]["text"]))
            return
        await say(chat)
        await self.show(job, job["place"], teams_card.tell(words()["private"]["text"]))

    async def answer(self, event: str, job: Job, place: str) -> None:
        """Answer in a chat, with a sign that it is being worked on."""
        typing = asyncio.create_task(self.keep_typing(job, place))
        try:
            drawn = await self.drawn(event, job, place)
        finally:
            typing.cancel()
        await self.show(job, place, drawn)

    async def drawn(self, event: str, job: Job, place: str) -> Card:
        """Return what is to be shown; the conversation is that of the chat where it will stand."""
        if job["files"]:
            return teams_card.tell(words()["files"]["text"])
        conversation = hashed(f"{job['person']} {place}")  # Teams' own ids are too long for a key
        who = Who(f"teams-{conversation}", job["person"], job["name"])
        answer = await self.chat.answer(event, who, job["text"], job["button"])
        return teams_card.tell(answer) if isinstance(answer, str) else teams_card.draw(answer)

    async def show(self, job: Job, place: str, drawn: Card) -> None:
        """Send one card, whole."""
        card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": drawn["card"]}
        message = {"type": "message", "summary": drawn["text"][:200], "attachments": [card]}
        await self.sender.send(job["service"], place, message)

    async def keep_typing(self, job: Job, place: str) -> None:
        """Show that an answer is coming, for as long as it takes; where that fails the answer itself will tell."""
        with contextlib.suppress(Undelivered, Unreachable):
            while True:
                await self.sender.send(job["service"], place, {"type": "typing"})
                await asyncio.sleep(TYPING_SECONDS)

    async def remind(self, address: dict[str, Any], text: str) -> None:
        """Send some words to a person's own chat.

        Raises:
            Undelivered: Teams cannot be reached.
        """
        try:
            await self.show(address, address["place"], teams_card.tell(text))
        except Unreachable as error:
            raise Undelivered from error


def read(body: dict[str, Any]) -> Activity:
    """Return what was sent as an activity that can be answered.

    Raises:
        Refusal: it is none.
    """
    try:
        activity = Activity.model_validate(body)
    except (ValidationError, ValueError, TypeError, AttributeError) as error:
        raise Refusal("malformed") from error
    whole = activity.type and activity.service_url and activity.conversation and activity.conversation.id
    if not whole or not activity.from_property or not activity.from_property.id:
        raise Refusal("malformed")
    if activity.type == "message" and not activity.id:
        raise Refusal("malformed")
    return activity


def is_bot(activity: Activity) -> bool:
    """Say whether a bot speaks: ourselves, or another."""
    speaker = activity.from_property
    return speaker.id.startswith(BOT) or str(speaker.role or "").lower() in {"bot", "skill"}


def is_welcome(activity: Activity) -> bool:
    """Say whether somebody has just installed Whatnow for themselves."""
    if (activity.conversation.conversation_type or PERSONAL) != PERSONAL:
        return False
    added = {each.id for each in activity.members_added or []}
    ours = activity.recipient.id if activity.recipient else None
    arrived = activity.type == "conversationUpdate" and ours in added
    return arrived or (activity.type == "installationUpdate" and str(activity.action or "").startswith("add"))


def event_of(activity: Activity) -> str:
    """Return the name of an event: the same when Teams sends it again."""
    return hashed(f"{activity.conversation.id} {activity.id}")


def hashed(text: str) -> str:
    """Return a short name for something long."""
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def person_of(activity: Activity) -> str:
    """Return who speaks, by the directory's id where there is one."""
    return f"teams:{tenant_of(activity)}:{activity.from_property.aad_object_id or activity.from_property.id}"


def job_of(activity: Activity) -> Job:
    """Return what must be known to answer an activity; of files, only that there are some."""
    kind = activity.conversation.conversation_type or PERSONAL
    return {
        "service": activity.service_url,
        "tenant": tenant_of(activity),
        "place": activity.conversation.id,
        "room": kind != PERSONAL,
        "bot": activity.recipient.id if activity.recipient else "",
        "user": activity.from_property.id,
        "person": person_of(activity),
        "name": activity.from_property.name,
        "text": as_typed(activity),
        "button": button_of(activity.value),
        "files": any(each.content_type != COPY for each in activity.attachments or []),
    }


def button_of(value: object) -> str:
    """Return the id of the button that was clicked; what a card never offered is the id of none."""
    if not isinstance(value, dict) or not value:
        return ""
    return str(value.get("button") or "none")[:64]


def as_typed(activity: Activity) -> str:
    """Return a message as the person typed it: without our mention, signs unescaped."""
    told = activity.recipient.id if activity.recipient else None
    return html.unescape(activity.remove_mention_text(told)).replace("\xa0", " ").strip()


def address_of(job: Job) -> dict[str, Any]:
    """Return where a person can be reminded."""
    return {key: job[key] for key in ("service", "tenant", "place")}
