"""People who talk and practise while parts are killed (chaos.py): what was not answered is sent again under its key.

They behave as the page does, and note whatever is lost, doubled or wrong.
"""

import random
import threading
import time
from typing import Any, Dict, List, Optional

import httpx

from bot.settings import Settings

REFUSED_AGAIN = {503, 429}
PATIENCE = 120.0


class Fault(Exception):
    """Something was lost, doubled or wrong."""


class Caller(threading.Thread):
    """One person: keeps talking until told to stop, and notes every fault, wait and try."""

    def __init__(self, settings: Settings, number: int, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.settings, self.number, self.over = settings, number, over
        self.chance = random.Random(number)  # noqa: S311
        self.faults: List[str] = []
        self.waits: List[float] = []
        self.again = 0

    def run(self) -> None:
        """Talk until told to stop."""
        with httpx.Client(base_url=self.settings.gateway_url, timeout=10) as self.client:
            while not self.over.is_set():
                try:
                    self.talk()
                except Fault as fault:
                    self.faults.append(str(fault))

    def talk(self) -> None:
        """Have a question asked, answer it by its button, and see that both answers are known again."""
        token = self.session()
        asked = self.say(token, "q", text="someone sent me a friend request")
        button = next((each["id"] for each in asked["buttons"] if each["title"] == "A pupil"), None)
        if button is None:
            raise Fault(f"not asked but {asked['reply']['type']}")
        answer = self.say(token, "a", button=button)
        if (answer["reply"].get("matches") or [{}])[0].get("procedure") != "pupil_friend_request":
            raise Fault(f"the choice led to {answer['reply'].get('matches')}")
        if self.say(token, "q", text="someone sent me a friend request") != asked:
            raise Fault("an answer that was given is not known again")

    def session(self) -> str:
        """Return the token of a new conversation."""
        return str(self.insist("/api/session", {}, {})["token"])

    def say(self, token: str, key: str, **said: str) -> Dict[str, Any]:
        """Say something in a conversation, under a key that is this token's alone."""
        body = {"key": f"chaos-{key}-{abs(hash(token)) % 10**9}", **said}
        return self.insist("/api/say", body, {"Authorization": f"Bearer {token}"})

    def insist(self, path: str, body: Dict[str, Any], headers: Dict[str, str]) -> Dict[str, Any]:
        """Send something until it is answered.

        Raises:
            Fault: it was refused for good, or not answered in two minutes.
        """
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            answer = self.ask(path, body, headers)
            if answer is not None:
                self.waits.append(time.monotonic() - began)
                return answer
            self.again += 1
            time.sleep(0.3)
        raise Fault(f"not answered in {PATIENCE:.0f} seconds: {path}")

    def ask(self, path: str, body: Dict[str, Any], headers: Dict[str, str]) -> Optional[Dict[str, Any]]:
        """Send something once; None where it must be sent again."""
        try:
            answered = self.client.post(path, json=body, headers=headers)
        except httpx.HTTPError:
            return None
        if answered.is_success:
            found: Dict[str, Any] = answered.json()
            return found
        if answered.status_code in REFUSED_AGAIN and "999" in answered.text:
            return None
        raise Fault(f"{answered.status_code}: {answered.text[:100]}")


class Trainee(Caller):
    """One person who practises, and counts every choice that was acknowledged."""

    chosen = 0

    @property
    def name_typed(self) -> str:
        """The name in the record."""
        return "Trainee " + "abcdefghij"[self.number % 10]

    def talk(self) -> None:
        """Practise the full course again and again."""
        token, n = self.session(), 0
        answer = self.say(token, "start", text="start training")
        while not self.over.is_set():
            n += 1
            answer = self.step(token, str(n), answer)

    def step(self, token: str, key: str, answer: Dict[str, Any]) -> Dict[str, Any]:
        """Take one step of training."""
        buttons, reply = answer["buttons"], answer["reply"]
        if "type your name" in reply["text"]:
            return self.say(token, key, text=self.name_typed)
        if not buttons:
            return self.say(token, key, text="start training")
        in_story = (reply.get("training") or {}).get("at") is not None
        chosen = next((each for each in buttons if each["title"].startswith("Full course")), None)
        found = self.say(token, key, button=(chosen or self.chance.choice(buttons))["id"])
        self.chosen += in_story
        return found
