"""Attacks where chat platforms post, and on the REST channel of this machine: proved and unproved, whole and broken."""

import asyncio
import hmac
import itertools
import json
import random
import time
from typing import Any
from urllib.parse import quote, urlencode

from bot.hostile import texts
from bot.hostile.judge import Seen, foreign
from bot.hostile.platforms import Platforms
from bot.hostile.web import JSON, Web, canary, encoded

SECRET = "a signing secret"  # noqa: S105
NUMBERS = itertools.count(1)
TAKEN, OFTEN = (200, 202), 0.3
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Chats:
    """The attacks on Slack's, Teams' and the REST channel's addresses; `run` keeps this run's places apart."""

    def __init__(self, web: Web, platforms: Platforms) -> None:
        self.web, self.platforms, self.tally = web, platforms, web.tally
        self.expected: dict[str, str] = {}

    async def slack(self, chance: random.Random) -> None:
        """Write something hostile on Slack, a third of them twice."""
        number, own, room = next(NUMBERS), canary(chance), chance.random() < OFTEN
        place = f"{'C' if room else 'D'}{number}"
        event = {
            "type": "app_mention" if room else "message",
            "channel_type": "im",
            "channel": place,
            "user": f"U{number}",
        }
        body = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}", "event": event}
        event["text"] = texts.hostile(chance) + f" {own}"
        await self.expect("slack", place, own, chance, lambda: self.post_slack(json.dumps(body), JSON, (200,)))
        if room and any(each.startswith("chat.postMessage") for each in self.platforms.posted[place]):
            self.tally.fault("hijack", "slack", f"answered for all to see at {place}")

    async def slack_broken(self, chance: random.Random) -> None:
        """Send Slack's address what Slack would not: unsigned, wrongly signed, or signed and broken."""
        number = next(NUMBERS)
        event = {"type": "message", "channel_type": "im", "channel": f"X{number}", "user": f"X{number}", "text": "hi"}
        whole = {"type": "event_callback", "event_id": f"Ev{number}", "event": event, "team_id": "T1"}
        if chance.random() < OFTEN:
            whole["event"] = chance.choice(
                (*texts.WRONG, {**event, chance.choice(sorted(event)): chance.choice(texts.WRONG)})
            )
        action = {"action_id": chance.choice(("choose-x", "practise", 7)), "value": chance.choice(texts.WRONG)}
        click = {"type": "block_actions", "actions": chance.choice(([], 7, [7], [action])), "trigger_id": f"t{number}"}
        command = {"command": "/whatnow", "text": "x", chance.choice(("user_id", "channel_id")): "U1"}
        form = chance.random() < OFTEN
        asked = urlencode(chance.choice((command, {"payload": json.dumps(click)}))).encode()
        raw = asked if form else texts.broken(chance, whole)
        await self.post_slack(raw, FORM if form else JSON, (), proof=self.wrong_proof(chance, raw))

    def wrong_proof(self, chance: random.Random, raw: bytes) -> dict[str, str]:
        """Return the headers of a signature that is right in half of the cases."""
        if chance.random() < 0.5:  # noqa: PLR2004
            return signed(raw)
        stamp = chance.choice(("", "0", "-1", "x", "9" * 15, "9" * 5000, "1e9", "²", str(int(time.time()) - 400)))
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": chance.choice(("", "v0=", "v0=é", "x" * 9000))}

    async def post_slack(
        self, raw: bytes | str, kind: dict[str, str], may: tuple[int, ...], proof: dict[str, str] | None = None
    ) -> Seen:
        """Post to Slack's address, and note the answer."""
        raw = raw.encode() if isinstance(raw, str) else raw
        headers = encoded({**kind, **(signed(raw) if proof is None else proof)})
        seen = await self.web.ask("POST", "/slack/events", content=raw, headers=headers)
        self.tally.note("slack", raw[:200], seen, may=may)
        return seen

    async def teams(self, chance: random.Random) -> None:
        """Write something hostile on Teams, a third of them twice."""
        place, own = f"a:{next(NUMBERS)}", canary(chance)
        body = {**self.activity(place), "text": f"{own} {texts.hostile(chance)}"}
        if chance.random() < OFTEN:
            body["value"] = chance.choice(({"button": "/restart"}, {"button": 7}, {"x": own}, ["a"]))
        await self.expect(
            "teams", place, own, chance, lambda: self.post_teams(json.dumps(body, ensure_ascii=False), (202,))
        )

    async def teams_broken(self, chance: random.Random) -> None:
        """Send Teams' address what Teams would not."""
        whole = self.activity(f"b:{next(NUMBERS)}")
        whole["serviceUrl"] = (
            self.platforms.url if chance.random() < OFTEN else chance.choice(("file:///etc/passwd", "http://[", "x"))
        )
        proof = chance.choice(({}, {}, {"Authorization": "Bearer e30.e30.e30"}, {"Authorization": "Bearer é"}))
        await self.post_teams(texts.broken(chance, whole), (), proof)

    def activity(self, place: str) -> dict[str, Any]:
        """Return a message to our own chat as Teams sends it."""
        return {
            "type": "message",
            "id": f"activity-{next(NUMBERS)}",
            "channelId": "msteams",
            "serviceUrl": self.platforms.url,
            "from": {"id": f"29:{place}", "name": "Jo Bloggs"},
            "recipient": {"id": "28:bot", "name": "Whatnow"},
            "conversation": {"id": place, "conversationType": "personal", "tenantId": "t"},
            "text": "hi",
        }

    async def post_teams(self, raw: bytes | str, may: tuple[int, ...], proof: dict[str, str] | None = None) -> Seen:
        """Post to Teams' address, and note the answer."""
        raw = raw.encode() if isinstance(raw, str) else raw
        headers = encoded({**JSON, **(proof or {})})
        seen = await self.web.ask("POST", "/api/messages", content=raw, headers=headers)
        self.tally.note("teams", raw[:200], seen, may=may)
        return seen

    async def expect(self, entry: str, place: str, own: str, chance: random.Random, send: Any) -> None:
        """Send something once or twice; an answer must come to its place, and be nobody else's."""
        await asyncio.gather(*(send() for _ in range(2 if chance.random() < OFTEN else 1)))
        self.expected[place] = entry
        posted = await self.platforms.wait(place)
        if not posted:
            self.tally.fault("silence", entry, place)
        if foreign(posted, own):
            self.tally.fault("hijack", entry, posted)

    def look_for_doubles(self) -> None:
        """Note every place that was answered more than once."""
        for place, entry in self.expected.items():
            if len(self.platforms.posted[place]) > 1:
                self.tally.fault("doubled", entry, self.platforms.posted[place])

    async def rest(self, chance: random.Random) -> None:
        """Say something hostile on the REST channel of this machine, or send it what is no message."""
        own = canary(chance)
        whole = {"sender": f"{quote(texts.plain(chance))}{next(NUMBERS)}", "message": f"{texts.hostile(chance)} {own}"}
        broken = chance.random() < OFTEN
        raw = texts.broken(chance, whole) if broken else json.dumps(whole).encode()
        seen = await self.web.ask("POST", self.web.settings.webhook, content=raw, headers=JSON)
        self.tally.note("rest", raw[:200], seen, own, may=(200, 400, 413) if broken else (200,))

    async def line(self, chance: random.Random) -> None:
        """Try to speak on the private line into Rasa without its word."""
        headers = {**JSON, "X-Whatnow-Line": chance.choice(("", "x", "é", "0" * 64))}
        said = {"sender": "web-1", "channel": "web", "text": "/restart", "key": "k", "click": True}
        url = self.web.settings.line_url + chance.choice(("say", "forget"))
        seen = await self.web.ask("POST", url, content=json.dumps(said).encode(), headers=encoded(headers))
        self.tally.note("line", headers, seen, may=(403,))


def signed(raw: bytes) -> dict[str, str]:
    """Return the headers that Slack proves a request with."""
    stamp = str(int(time.time()))
    signature = "v0=" + hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + raw, "sha256").hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
