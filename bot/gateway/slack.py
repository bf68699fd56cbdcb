"""Slack, through slack_bolt: signed events in, thanked at once, answered afterwards and privately, each once.

In a room the answer is seen by the person who asked alone, and says so; conversations are keyed by person and place.
Edits, bots and attachments are not read; attachments are refused with the reason and never fetched.
"""

import asyncio
import hashlib
import html
import logging
import re
from typing import Any

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler, AsyncServerErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.gateway import slack_card
from bot.gateway.inbox import Inbox
from bot.gateway.limits import Limits
from bot.gateway.refusal import Down, Refusal, safe_words, words
from bot.gateway.turns import Said, Turns
from bot.settings import Settings

CHANNEL = "slack"
TRIES = 5
CHOOSE = re.compile(r"^choose-")
LABELLED, BARE = re.compile(r"<[^|>]+\|([^>]+)>"), re.compile(r"<([^>]*)>")
READ = {None, "file_share", "thread_broadcast"}  # subtypes of a message that a person has written now
PRIVATE = "Only you can see this."
Job = dict[str, Any]
logger = logging.getLogger(__name__)


class Slack:
    """The Slack channel of one installation."""

    def __init__(self, settings: Settings, turns: Turns, inbox: Inbox, limits: Limits) -> None:
        self.settings, self.turns, self.inbox, self.limits = settings, turns, inbox, limits
        self.tasks: set[asyncio.Task[None]] = set()
        self.names: dict[str, str | None] = {}
        self.client = AsyncWebClient(
            settings.slack_bot_token,
            base_url=settings.slack_api,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(TRIES), AsyncServerErrorRetryHandler(TRIES)],
        )
        self.app = AsyncApp(signing_secret=settings.slack_signing_secret, client=self.client)
        self.app.event("message")(self.message)
        self.app.event("app_mention")(self.mention)
        self.app.command("/whatnow")(self.command)
        self.app.shortcut("what_now")(self.shortcut)
        self.app.action(CHOOSE)(self.click)
        self.handler = AsyncSlackRequestHandler(self.app)

    def routes(self) -> list[Route]:
        """Return Slack's one address."""
        return [Route("/slack/events", self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """Hand a request to bolt, which checks its signature and age."""
        return await self.handler.handle(request)

    async def take_up(self) -> None:
        """Go on with what was not answered before the gateway stopped."""
        for event, job in self.inbox.waiting():
            self.begin(event, job)

    # What Slack sends

    async def message(self, body: Job, event: Job) -> None:
        """Take a direct message."""
        if event.get("channel_type") == "im" and event.get("subtype") in READ and not event.get("bot_id"):
            self.put(body["event_id"], job_of(body, event, room=False))

    async def mention(self, body: Job, event: Job) -> None:
        """Take a mention in a room."""
        if not event.get("bot_id"):
            self.put(body["event_id"], job_of(body, event, room=True))

    async def command(self, ack: AsyncAck, body: Job) -> None:
        """Take /whatnow and what stands behind it."""
        job = {"team": body["team_id"], "user": body["user_id"], "place": body["channel_id"], "text": body["text"]}
        self.put(body["trigger_id"], {**job, "room": not body["channel_id"].startswith("D")})
        await ack()

    async def shortcut(self, ack: AsyncAck, body: Job) -> None:
        """Take a message that somebody asks about."""
        asked = {"text": body["message"].get("text", ""), "channel": body["channel"]["id"], "user": body["user"]["id"]}
        files = body["message"].get("files")
        self.put(body["trigger_id"], job_of({"team_id": body["team"]["id"]}, {**asked, "files": files}, room=True))
        await ack()

    async def click(self, ack: AsyncAck, body: Job) -> None:
        """Take a click on a button."""
        place = body["channel"]["id"]
        job = {"team": body["team"]["id"], "user": body["user"]["id"], "place": place, "text": ""}
        self.put(body["trigger_id"], {**job, "button": body["actions"][0]["value"], "room": not place.startswith("D")})
        await ack()

    # What is done about it

    def put(self, event: str, job: Job) -> None:
        """Keep an event that is new, and begin on it; the caller's thanks go out meanwhile."""
        if self.inbox.put(event, job):
            self.begin(event, job)

    def begin(self, event: str, job: Job) -> None:
        """Begin on an event."""
        task = asyncio.create_task(self.work(event, job))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def work(self, event: str, job: Job) -> None:
        """Answer an event, then drop its words; where Slack cannot be reached it stays for the next start."""
        try:
            await self.post(job, await self.answer(event, job))
            self.inbox.done(event)
        except (SlackApiError, OSError, asyncio.TimeoutError) as error:
            logger.warning("an answer could not be posted: %s", type(error).__name__)

    async def answer(self, event: str, job: Job) -> Job:
        """Return what is to be posted."""
        if job.get("files"):
            return {"text": words()["files"]["text"]}
        said = Said(
            hashlib.sha256(event.encode()).hexdigest()[:32],
            job["text"] or ("" if job.get("button") else "hello"),
            job.get("button", ""),
            f"slack:{job['team']}:{job['user']}",
            await self.name(job["user"]),
        )
        conversation = f"slack-{job['team']}-{job['user']}-{job['place']}"
        try:
            refuse_long(said.text, self.settings.longest_text)
            self.limits.note_conversation(conversation)
            return slack_card.draw(await self.turns.take(conversation, said))
        except Refusal as refusal:
            return {"text": refusal.words}
        except Down:
            return {"text": safe_words()}

    async def post(self, job: Job, drawn: Job) -> None:
        """Post it: in a direct message as it is, in a room so that nobody else sees it, and saying so."""
        if not job["room"]:
            await self.client.chat_postMessage(channel=job["place"], **drawn)
            return
        try:
            await self.client.chat_postEphemeral(channel=job["place"], user=job["user"], **private(drawn))
        except SlackApiError as error:
            if error.response.get("error") not in {"not_in_channel", "channel_not_found", "user_not_in_channel"}:
                raise
            opened = await self.client.conversations_open(users=job["user"])
            await self.client.chat_postMessage(channel=opened["channel"]["id"], **drawn)

    async def name(self, user: str) -> str | None:
        """Return a person's name as Slack has it; None where it does not say."""
        if user not in self.names:
            try:
                found = await self.client.users_info(user=user)
                self.names[user] = found["user"].get("real_name")
            except SlackApiError:
                return None
        return self.names[user]


def refuse_long(text: str, limit: int) -> None:
    """Make sure that a text is not too long to read.

    Raises:
        Refusal: it is.
    """
    if len(text) > limit:
        raise Refusal("too_long", limit=limit)


def job_of(body: Job, event: Job, *, room: bool) -> Job:
    """Return what must be known to answer an event; of files, only that there are some."""
    place = {"team": body["team_id"], "user": event["user"], "place": event["channel"], "room": room}
    return {**place, "text": as_typed(event.get("text") or ""), "files": bool(event.get("files"))}


def as_typed(text: str) -> str:
    """Return a message as the person typed it: no mention of the bot, links by their label, signs unescaped."""
    shown = BARE.sub(lambda found: "" if found[1][:1] in "@!#" else found[1], LABELLED.sub(r"\1", text))
    return html.unescape(shown).strip()


def private(drawn: Job) -> Job:
    """Return a message that says that nobody else sees it."""
    if "blocks" not in drawn:
        return {"text": f"{drawn['text']}\n{PRIVATE}"}
    note = {"type": "context", "elements": [slack_card.plain(PRIVATE)]}
    return {**drawn, "blocks": [*drawn["blocks"][: slack_card.BLOCKS - 1], note]}
