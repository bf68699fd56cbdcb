"""A refusal: what a channel raises where it cannot take what was sent. It carries words for the person (words.yml)."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from starlette.requests import Request
from starlette.responses import JSONResponse

PROJECT = Path(__file__).parent.parent.parent
WORDS = Path(__file__).parent / "words.yml"


@cache
def words() -> dict[str, Any]:
    """Return status and text of every refusal, by name."""
    found: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf8"))
    return found


@cache
def safe_words() -> str:
    """Return the safe static message that staff get when a part is down; it stands in domain.yml, for Rasa too."""
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf8"))
    return str(domain["responses"]["utter_safe"][0]["text"])


class Refusal(Exception):
    """What was sent is not taken; `name` is one of words.yml."""

    def __init__(self, name: str, **filled: object) -> None:
        super().__init__(name)
        self.name, self.filled = name, filled

    @property
    def words(self) -> str:
        """What the person is told."""
        return str(words()[self.name]["text"].format(**self.filled))

    def as_response(self) -> JSONResponse:
        """Return the refusal as HTTP: its status, its name and its words."""
        body = {"error": self.name, "text": self.words}
        headers = {"Retry-After": str(self.filled["seconds"])} if "seconds" in self.filled else {}
        return JSONResponse(body, words()[self.name]["status"], headers)


class Down(Exception):
    """A part behind the gateway is down, hung or failed: the person gets the safe static words."""

    def __init__(self, part: str = "rasa") -> None:
        super().__init__(part)
        self.part = part

    def as_response(self) -> JSONResponse:
        """Return the safe words, with the status that says: try again."""
        return JSONResponse({"error": "down", "text": safe_words()}, 503, {"Retry-After": "10"})


def answer_refusal(_: Request, error: Exception) -> JSONResponse:
    """Answer a refusal or a fault behind us; anything unforeseen is a fault too, and never shown."""
    return error.as_response() if isinstance(error, (Refusal, Down)) else Down().as_response()
