"""Slack, through slack_bolt: signed events in, thanked at once, answered afterwards and privately, each once.

In a room the answer is seen by the person who asked alone, and says so; conversations are keyed by person and place.
Edits, bots and attachments are not read; attachments are refused with the reason and never fetched.
"""

import asyncio
import html
import logging
import re
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.gateway import slack_card, slack_home
from bot.gateway.addresses import Addresses
from bot.gateway.chat import Chat, Who
from bot.gateway.inbox import Inbox, Job
from bot.gateway.refusal import Refusal, safe_words, words
from bot.gateway.slack_people import Kind, People, Person
from bot.gateway.slack_read import answer_unread, is_chat, is_person, job_of, read
from bot.gateway.slack_send import TRIES, Sender, Unreachable, reaching
from bot.gateway.standing import Standing
from bot.gateway.worker import Undelivered, Worker
from bot.settings import Settings

CHANNEL = "slack"
NOBODY_ASKED = 404  # bolt's word for what is signed and none of ours
CHOOSE = re.compile(r"^choose-")
READ = {None, "file_share", "thread_broadcast"}  # subtypes of a message that a person has written now
logger = logging.getLogger(__name__)


class Slack:
    """The Slack channel of one installation; `tries` are made at once where Slack asks for patience."""

    def __init__(  # noqa: PLR0913  (all that a channel with a home and reminders stands on)
        self,
        settings: Settings,
        chat: Chat,
        inbox: Inbox,
        addresses: Addresses,
        standing: Standing,
        *,
        tries: int = TRIES,
    ) -> None:
        self.chat, self.slow_seconds = chat, settings.slow_seconds
        self.worker = Worker(inbox, self.carry_out, self.safe, chat.turns.watch)
        self.addresses, self.standing = addresses, standing
        self.sender = Sender(settings, tries)
        self.people = People(self.sender.client)
        self.orders: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        # The answer to Slack waits for the event to be kept, so that what has been thanked for is never lost; and for
        # no call to Slack, which may be slow or down.
        self.app = AsyncApp(
            signing_secret=settings.slack_signing_secret,
            client=AsyncWebClient(),
            authorize=authorized,
            ignoring_self_events_enabled=False,
            process_before_response=True,
        )
        self.app.error(partial(answer_unread, chat.turns.watch))
        self.app.event("message")(self.message)
        self.app.event("app_mention")(self.mention)
        self.app.event("app_home_opened")(self.home)
        self.app.command("/whatnow")(self.command)
        self.app.shortcut("what_now")(self.shortcut)
        self.app.action(CHOOSE)(self.click)
        self.app.action(slack_home.PRACTISE)(self.practise)

    def routes(self) -> list[Route]:
        """Return Slack's one address."""
        return [Route("/slack/events", self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """Hand a request to bolt, which checks its signature and age; what we never asked for is thanked for.

        Raises:
            Refusal: it is nothing that Slack would send.
        """
        said = await read(request, self.slow_seconds)
        try:
            answer = to_starlette_response(await self.app.async_dispatch(said))
        except (TypeError, LookupError, AttributeError) as error:  # signed, and yet bolt stumbles over it
            raise Refusal("malformed") from error
        return Response() if answer.status_code == NOBODY_ASKED else answer

    # What Slack sends

    async def message(self, body: Job, event: Job) -> None:
        """Take a direct message."""
        if event.get("channel_type") == "im" and event.get("subtype") in READ and is_person(event):
            await self.worker.put(body["event_id"], job_of(event, room=False))

    async def mention(self, body: Job, event: Job) -> None:
        """Take a mention in a room."""
        if is_person(event):
            await self.worker.put(body["event_id"], job_of(event, room=True))

    async def home(self, body: Job, event: Job) -> None:
        """Take the opening of the home."""
        if event.get("tab") == "home":
            await self.worker.put(body["event_id"], {"user": event["user"], "home": True})

    async def command(self, ack: AsyncAck, body: Job) -> None:
        """Take /whatnow and what stands behind it: as typed, since the manifest has `should_escape` off."""
        place = body["channel_id"]
        job = {"user": body["user_id"], "place": place, "room": not is_chat(place), "text": html.unescape(body["text"])}
        await self.worker.put(body["trigger_id"], job)
        await ack()

    async def shortcut(self, ack: AsyncAck, body: Job) -> None:
        """Take a message that somebody asks about."""
        asked = {**body["message"], "channel": body["channel"]["id"], "user": body["user"]["id"]}
        await self.worker.put(body["trigger_id"], job_of(asked, room=True))
        await ack()

    async def click(self, ack: AsyncAck, body: Job) -> None:
        """Take a click on a button of a card."""
        action, place = body["actions"][0], (body.get("channel") or {}).get("id")
        if place:
            found = {"user": body["user"]["id"], "place": place, "room": not is_chat(place), "text": ""}
            thread = (body.get("container") or {}).get("thread_ts")
            clicked = {"button": action.get("value") or "none", "asked": slack_card.place_of(action), "thread": thread}
            await self.worker.put(body["trigger_id"], {**found, **clicked})
        await ack()

    async def practise(self, ack: AsyncAck, body: Job) -> None:
        """Take a click on the home's button."""
        await self.worker.put(body["trigger_id"], {"user": body["user"]["id"], "practise": True})
        await ack()

    # What is done about it

    async def carry_out(self, event: str, job: Job) -> None:
        """Answer an event and post the answer, one person's after the other at each place.

        Raises:
            Undelivered: Slack cannot be reached, or asks for patience for too long.
        """
        order = self.orders.setdefault(f"{job['user']} {job.get('place')}", asyncio.Lock())
        try:
            async with order:
                with reaching():
                    await self.work(event, job)
        except Unreachable as nowhere:
            logger.warning("an answer on Slack reached nobody: %s", nowhere)

    async def work(self, event: str, job: Job) -> None:
        """Do what an event asks for, where it comes from one of the school's."""
        user, person = job["user"], await self.people.of(job["user"])
        if person.kind is Kind.STRANGER:
            await self.tell(job, slack_card.words()["stranger"])
        elif person.kind is Kind.OURS:
            if not job.get("room"):
                await self.addresses.note(whole(user, person), CHANNEL, {"user": user, "team": person.team})
            if job.get("home"):
                await self.sender.publish(user, slack_home.draw(await self.standing.of(whole(user, person))))
            elif job.get("practise"):
                await self.open_practice(event, job, person)
            else:
                await self.sender.post(job, await self.answer(event, job, person))

    async def safe(self, job: Job) -> None:
        """Tell one of the school's the safe words; what else there is to say to others waits for its turn.

        Raises:
            SlackApiError: Slack does not say who it is, or does not take it.
        """
        if (await self.people.of(job["user"])).kind is Kind.OURS:
            await self.tell(job, safe_words())

    async def tell(self, job: Job, text: str) -> None:
        """Tell somebody some words in the place of an answer."""
        if "place" in job:
            await self.sender.post(job, partial(slack_card.tell, text))
        else:
            await self.sender.publish(job["user"], slack_home.tell(text))

    async def open_practice(self, event: str, job: Job, person: Person) -> None:
        """Begin practice in the person's own chat, or go on with it, and say on the home that it is there."""
        standing = await self.standing.of(whole(job["user"], person))
        here = {"user": job["user"], "place": await self.sender.open(job["user"]), "room": False}
        said = {**here, "text": slack_home.command(standing)}
        await self.sender.post(here, await self.answer(event, said, person))
        now = await self.standing.of(whole(job["user"], person))
        await self.sender.publish(job["user"], slack_home.draw(now, opened=True))

    async def answer(self, event: str, job: Job, person: Person) -> "partial[Job]":
        """Return what is to be posted, still without a note on it."""
        if job.get("files"):
            return partial(slack_card.tell, words()["files"]["text"])
        asked = job.get("asked") or job["place"]
        who = Who(f"slack-{person.team}-{job['user']}-{asked}", whole(job["user"], person), person.name)
        answer = await self.chat.answer(event, who, job["text"], job.get("button", ""))
        if isinstance(answer, str):
            return partial(slack_card.tell, answer)
        return partial(slack_card.draw, answer, place=asked)

    async def remind(self, address: dict[str, Any], text: str) -> None:
        """Send some words to a person's own chat; who cannot be reached any more is not kept.

        Raises:
            Undelivered: they have not arrived.
        """
        try:
            with reaching():
                await self.sender.tell(slack_card.tell(text), channel=await self.sender.open(address["user"]))
        except Unreachable as nowhere:
            await self.addresses.forget(f"slack:{address['team']}:{address['user']}")
            raise Undelivered from nowhere


async def authorized(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Return that the app may act: its signature has been proved, and it has one token."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def whole(user: str, person: Person) -> str:
    """Return who somebody is in every channel's eyes."""
    return f"slack:{person.team}:{user}"
