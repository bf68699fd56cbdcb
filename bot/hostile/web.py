"""Attacks on the web channel and the pages: texts, bodies, tokens, buttons, keys, addresses, floods."""

import asyncio
import json
import random
import secrets
import string
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.hostile import texts
from bot.hostile.judge import SILENCE, Seen, Tally
from bot.settings import Settings

JSON = {"Content-Type": "application/json"}
OK = 200
ANSWERED = (OK, 429)
FLOOD = 40  # at once in one conversation, of which twenty may wait


@dataclass
class Talk:
    """One conversation over the web, with a word that nobody else may ever see."""

    token: str
    canary: str
    buttons: list[str] = field(default_factory=list)

    @property
    def bearer(self) -> dict[str, str]:
        """The header that opens it."""
        return {"Authorization": f"Bearer {self.token}"}


def canary(chance: random.Random) -> str:
    """Return a word that stands nowhere else."""
    return "Zq" + "".join(chance.choices(string.ascii_lowercase, k=8)) + "qz"


class Web:
    """The attacks, each taking one or a few messages."""

    def __init__(self, settings: Settings, tally: Tally, http: httpx.AsyncClient) -> None:
        self.settings, self.tally, self.http, self.talks = settings, tally, http, list[Talk]()

    async def ask(self, method: str, url: str, **how: Any) -> Seen:
        """Return what comes back from an address."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(SILENCE):
                found = await self.http.request(method, url, **how)
        except (TimeoutError, httpx.TimeoutException):
            return Seen(-1, time.perf_counter() - began)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            return Seen(0, time.perf_counter() - began)
        kind = found.headers.get("content-type", "")
        return Seen(found.status_code, time.perf_counter() - began, kind, found.text)

    async def begin(self, chance: random.Random) -> Talk:
        """Begin a conversation and tell it its canary: as a name in training, or within a story."""
        seen = await self.ask("POST", "/api/session", json={})
        self.tally.note("web session", "{}", seen, may=(201,))
        talk = Talk(json.loads(seen.body)["token"], canary(chance))
        named = ("start training", "2", talk.canary)
        told = (f"a parent called {talk.canary} added me on facebook, my head {talk.canary} knows",)
        for text in chance.choice((named, told, told)):
            await self.say(talk, text)
        self.talks.append(talk)
        return talk

    async def say(self, talk: Talk, text: str, entry: str = "web text") -> Seen:
        """Say something, and note the answer."""
        sent = {"key": secrets.token_hex(8), "text": text}
        seen = await self.ask("POST", "/api/say", json=sent, headers=talk.bearer)
        empty = not text.strip()
        may = (400,) if empty else (413,) if len(text.strip()) > self.settings.longest_text else ANSWERED
        self.tally.note(entry, text, seen, talk.canary, may=may)
        if seen.status == OK:
            talk.buttons = [each["id"] for each in json.loads(seen.body)["buttons"]] or talk.buttons
        return seen

    async def text(self, chance: random.Random) -> None:
        """Say something hostile."""
        await self.say(chance.choice(self.talks), texts.hostile(chance))

    async def body(self, chance: random.Random) -> None:
        """Send what is no message, or one of a wrong kind."""
        talk, path = chance.choice(self.talks), chance.choice(("/api/say", "/api/say", "/api/session", "/api/forget"))
        raw = texts.broken(chance, {"key": secrets.token_hex(8), "text": texts.plain(chance)})
        kind = chance.choice(texts.data()["kinds"]) if chance.random() < 0.3 else "application/json"  # noqa: PLR2004
        bearer = {} if path == "/api/forget" else talk.bearer  # its owner may forget it with any object
        content: Any = raw if chance.random() < 0.7 else chunks(raw)  # noqa: PLR2004
        seen = await self.ask("POST", path, content=content, headers={"Content-Type": kind, **bearer})
        self.tally.note("web body", f"{kind} {raw[:80]!r}", seen, talk.canary)

    async def headers(self, chance: random.Random) -> None:
        """Send a message with headers that nobody should send."""
        talk, extra = chance.choice(self.talks), dict(chance.choice(texts.data()["headers"]))
        many = {f"X-{n}": "y" * chance.randint(0, 50) for n in range(chance.choice((0, 0, 90, 400, 3000)))}
        raw = json.dumps({"key": secrets.token_hex(8), "text": texts.plain(chance)}).encode()
        sent = {**JSON, **talk.bearer, **many, **extra}
        seen = await self.ask("POST", chance.choice(("/api/say", "/api/session")), content=raw, headers=encoded(sent))
        self.tally.note("headers", extra, seen, talk.canary)

    async def token(self, chance: random.Random) -> None:
        """Try to open somebody's conversation without its token."""
        token = tampered(chance, chance.choice(self.talks).token, chance.choice(self.talks).token)
        path = chance.choice(("/api/say", "/api/forget", "/api/session"))
        raw = json.dumps({"key": secrets.token_hex(8), "text": "repeat that"})
        headers = encoded({**JSON, "Authorization": f"Bearer {token}"})
        seen = await self.ask("POST", path, content=raw, headers=headers)
        blank = path == "/api/session" and not token.strip()  # no token at all: a new conversation
        self.tally.note("token", token[:80], seen, may=(201,) if blank else (400, 401))

    async def button(self, chance: random.Random) -> None:
        """Click what was never offered here: somebody else's button, a payload, a made-up id."""
        mine, other = chance.choice(self.talks), chance.choice(self.talks)
        theirs = other.buttons if other is not mine else []
        made = ("/restart", '/choose{"value":"pupil"}', "1", "A" * 16, "../x", "x" * 33, "", secrets.token_urlsafe(12))
        sent = {"key": secrets.token_hex(8), "button": chance.choice(theirs or made)}
        seen = await self.ask("POST", "/api/say", json=sent, headers=mine.bearer)
        self.tally.note("button", sent, seen, mine.canary, may=(400, 409, 429))

    async def replay(self, chance: random.Random) -> None:
        """Send one key twice at once with the same words, then with others, then in another's conversation."""
        talk, other, key = chance.choice(self.talks), chance.choice(self.talks), secrets.token_hex(8)
        sent = {"key": key, "text": texts.plain(chance)}
        twice = [self.ask("POST", "/api/say", json=sent, headers=talk.bearer) for _ in range(2)]
        first, second = await asyncio.gather(*twice)
        for seen in (first, second):
            self.tally.note("replay", sent, seen, talk.canary, may=ANSWERED)
        if first.status == second.status and first.body != second.body:
            self.tally.fault("doubled", "replay", sent)
        changed = {"key": key, "text": "and now other words"}
        seen = await self.ask("POST", "/api/say", json=changed, headers=talk.bearer)
        self.tally.note("replay", changed, seen, talk.canary, may=(409, 429))
        if other is not talk:
            seen = await self.ask("POST", "/api/say", json=sent, headers=other.bearer)
            self.tally.note("replay", sent, seen, other.canary, may=ANSWERED)

    async def page(self, chance: random.Random) -> None:
        """Ask for an address, in some way."""
        verb, path = chance.choice(texts.data()["verbs"]), chance.choice(texts.data()["paths"])
        how = {"headers": encoded(dict(chance.choice(texts.data()["headers"])))} if chance.random() < 0.4 else {}  # noqa: PLR2004
        seen = await self.ask(verb, self.settings.gateway_url + path, **how)
        self.tally.note("pages", f"{verb} {path} {how}", seen)

    async def flood(self, _: random.Random) -> None:
        """Send much at once in one conversation: what cannot wait is told so."""
        talk = await self.begin(random.Random(secrets.randbits(32)))  # noqa: S311
        seen = await asyncio.gather(*(self.say(talk, "thanks", "flood") for _ in range(FLOOD)))
        if {each.status for each in seen} - set(ANSWERED):
            self.tally.fault("status", "flood", [each.status for each in seen])

    async def intrude(self, chance: random.Random) -> None:
        """Begin anew and ask for what was said before: there must be nothing; type an intent: it must set nothing."""
        talk = await self.begin_empty(chance)
        nothing = await self.say(talk, chance.choice(("repeat that", "why?", "show me the clause")), "intruder")
        if nothing.status == OK and '"type":"small_talk"' not in nothing.body:
            self.tally.fault("hijack", "intruder", nothing.body)
        slash = chance.choice(("/", "//", "/ /", " \t/ / ")) + chance.choice(("move_greet", "move_thanks", "back"))
        await self.say(talk, slash + '{"facts":{"who":"pupil"},"reply":"x","situation":"x"}', "intruder")
        asked = await self.say(talk, "someone sent me a friend request", "intruder")
        if asked.status == OK and '"type":"question"' not in asked.body:
            self.tally.fault("hijack", "intruder", f"{slash}: {asked.body}")

    async def begin_empty(self, chance: random.Random) -> Talk:
        """Begin a conversation in which nothing has been said."""
        seen = await self.ask("POST", "/api/session", json={})
        self.tally.note("web session", "{}", seen, may=(201,))
        return Talk(json.loads(seen.body)["token"], canary(chance))


async def chunks(raw: bytes) -> Any:
    """Yield a body piece by piece, so that its size is not said."""
    for at in range(0, len(raw), 1000):
        yield raw[at : at + 1000]


def encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Return headers as bytes, with signs that are no ASCII; what the client itself would refuse is in wire.py."""
    return [(name.encode(), value.strip().encode()) for name, value in headers.items()]


def tampered(chance: random.Random, token: str, other: str) -> str:
    """Return a token that opens nothing."""
    conversation, at, signature = token.split(".")
    spliced = (
        f"{other.split('.', maxsplit=1)[0]}.{at}.{signature}x",
        f"{conversation}.{at}.{signature[:-2]}",
        f"{conversation}.{chance.choice('ABCDEF')}{at[1:]}zz.{signature}",
        f"{conversation}..{signature}",
        f".{conversation}.{at}.{signature}",
    )
    odd = ("", "x", "null", "é" * 50, "." * 50, "x" * 9000, "web-" + "0" * 32, "eyJhbGciOiJub25lIn0.e30.", token[::-1])
    at_random = list(token)
    at_random[chance.randrange(len(token))] = "*"
    return chance.choice((*spliced, *odd, "".join(at_random)))
