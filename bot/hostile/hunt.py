"""One hunt: so many messages by every way in, sixteen at once, then the same question as before."""

import asyncio
import json
import random
import secrets
from collections.abc import Awaitable, Callable

import httpx

from bot.hostile.chats import SECRET, Chats
from bot.hostile.judge import Seen, Tally
from bot.hostile.platforms import Platforms, served
from bot.hostile.web import Web
from bot.hostile.wire import Wire
from bot.settings import Settings

AT_ONCE, TALKS = 16, 40
LATE_SECONDS = 2  # in which a second answer to one event would come
CONTROL = "a pupil sent me a friend request on snapchat"
UNLIMITED = "1000000 per second"
Attack = Callable[[random.Random], Awaitable[None]]


def weak(platforms: Platforms) -> dict[str, object]:
    """Return the settings of a hunt: every way in is open, and no limit but that of one conversation's queue."""
    return {
        "slack_signing_secret": SECRET,
        "slack_bot_token": "xoxb-a-token",
        "slack_api": platforms.slack_api,
        "teams_anonymous": True,
        "each_conversation": UNLIMITED,
        "each_address": UNLIMITED,
        "slow_seconds": 3,
        "turn_seconds": 14,  # sixteen at once on a slow machine are not what is hunted here
    }


def attacks(web: Web, wire: Wire, chats: Chats) -> dict[Attack, int]:
    """Return every attack with how often it is made, in a thousand."""
    return {
        web.text: 250,
        web.body: 220,
        web.headers: 60,
        web.token: 110,
        web.button: 70,
        web.replay: 12,
        web.page: 120,
        web.flood: 1,
        web.intrude: 4,
        wire.broken: 60,
        wire.slow: 5,
        chats.slack: 25,
        chats.slack_broken: 30,
        chats.teams: 20,
        chats.teams_broken: 25,
        chats.rest: 35,
        chats.line: 5,
    }


async def control(web: Web) -> Seen:
    """Ask what any member of staff might; the answer must be the same before and after."""
    headers = {"Authorization": f"Bearer {(await web.begin_empty(random.Random())).token}"}  # noqa: S311
    return await web.ask("POST", "/api/say", json={"key": secrets.token_hex(8), "text": CONTROL}, headers=headers)


def advice(seen: Seen) -> object:
    """Return what an answer advises, without what differs from time to time."""
    return json.loads(seen.body)["reply"] if seen.status == 200 else seen  # noqa: PLR2004


async def hunt(
    settings: Settings, platforms: Platforms, number: int, seed: int, *, told: Callable[[Tally], object] = str
) -> Tally:
    """Make so many attacks from a seed; return all that was seen.

    Args:
        settings: where the servers are; they must have been started with `weak` ones.
        platforms: where the answers to Slack and Teams go.
        number: how many messages at least.
        seed: what the attacks are drawn from.
        told: is called after each attack.
    """
    tally, limits = Tally(), httpx.Limits(max_connections=200)
    async with served(platforms), httpx.AsyncClient(base_url=settings.gateway_url, limits=limits, timeout=None) as http:  # noqa: S113
        web = Web(settings, tally, http)
        chats = Chats(web, platforms)
        before = await control(web)
        chance = random.Random(seed)  # noqa: S311
        await asyncio.gather(*(web.begin(random.Random(seed + n)) for n in range(TALKS)))  # noqa: S311
        weighted = attacks(web, Wire(settings, tally), chats)

        async def keep_attacking() -> None:
            while tally.messages < number:
                (attack,) = chance.choices(list(weighted), list(weighted.values()))
                await attack(random.Random(chance.random()))  # noqa: S311
                told(tally)

        await asyncio.gather(*(keep_attacking() for _ in range(AT_ONCE)))
        await asyncio.sleep(LATE_SECONDS)
        chats.look_for_doubles()
        if advice(before) != advice(await control(web)):
            tally.fault("harm", "web", "the question that was answered before is answered otherwise now")
    return tally
