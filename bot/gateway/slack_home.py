"""Draw the App Home on Slack: what Whatnow is, how to ask, where the person stands in training. Pure; it sends nothing.

Its words stand in slack_home.yml. It tells a person their own standing only.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.gateway.slack_card import Block, escape, plain, section

PRACTISE = "practise"
WORDS = Path(__file__).parent / "slack_home.yml"


@cache
def words() -> dict[str, str]:
    """Return the words of the home."""
    found: dict[str, str] = yaml.safe_load(WORDS.read_text(encoding="utf8"))
    return found


def draw(standing: dict[str, Any] | None, *, opened: bool = False) -> dict[str, Any]:
    """Return the home as a view; a standing of None is one that cannot be known just now.

    Args:
        standing: where the person is in training.
        opened: whether practice has just been opened for them in the chat.
    """
    say = words()
    asking = [heading(say["ask_title"]), section(say["ask"])]
    top = [heading(say["title"]), section(say["what"]), section(say["danger"]), *asking, {"type": "divider"}]
    return {"type": "home", "blocks": [*top, heading(say["training_title"]), *training(standing, opened=opened)]}


def tell(text: str) -> dict[str, Any]:
    """Return a home that says nothing but this."""
    return {"type": "home", "blocks": [section(escape(text))]}


def training(standing: dict[str, Any] | None, *, opened: bool) -> Iterator[Block]:
    """Yield where the person stands and the button to practise; without a standing there is nothing to practise on."""
    say = words()
    if standing is None:
        yield section(say["unknown"])
        return
    yield section(say[standing["state"]].format(until=day(standing["until"])))
    if standing["state"] != "none":
        yield section(say["progress"].format(**standing))
    if going(standing):
        yield section(say["paused" if standing["paused"] else "going"])
    yield {"type": "actions", "elements": [button()]}
    if opened:
        yield section(say["opened"])


def command(standing: dict[str, Any] | None) -> str:
    """Return what the button says for the person: to begin, or to go on with what was begun."""
    return "resume training" if standing and going(standing) else "start training"


def going(standing: dict[str, Any]) -> bool:
    """Say whether a course is going on or paused."""
    return bool(standing["paused"] or standing["course"])


def button() -> Block:
    """Return the button to practise."""
    return {"type": "button", "action_id": PRACTISE, "style": "primary", "text": plain(words()["practise"])}


def heading(text: str) -> Block:
    """Return a heading."""
    return {"type": "header", "text": plain(text)}


def day(until: str | None) -> str:
    """Return a day as people write it; empty where there is none."""
    if not until:
        return ""
    found = date.fromisoformat(until)
    return f"{found.day} {found:%B %Y}"
