"""Draw an answer as an Adaptive Card for Teams: one card, never parted from its citations. Pure; it sends nothing.

What people and the policy say stands in text runs, which read no markdown, so that it is text. Teams' limit is kept by
drawing more plainly and, last of all, by naming a supporting clause without its words; no step, warning or citation is
ever left out. The card's own words stand in card_words.yml.
"""

import json
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LIMIT, ACTIONS, ON_BUTTON, SPOKEN = 25_000, 6, 75, 400
STYLES = {"immediate": "attention", "today": "warning", "routine": "default"}
WORDS = Path(__file__).parent / "card_words.yml"
Block = dict[str, Any]


@cache
def words() -> dict[str, Any]:
    """Return what a card says of its own."""
    found: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf8"))
    return found


def draw(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer's `text` (for notifications) and `card`, as fully as Teams' limit allows."""
    drawn: dict[str, Any] = {}
    for body, text, older in ways(answer["reply"]):
        drawn = {"text": text, "card": card(body, older, answer)}
        if len(json.dumps(drawn, ensure_ascii=False).encode()) <= LIMIT:
            break
    return drawn


def tell(text: str) -> dict[str, Any]:
    """Return plain words, a refusal's say, in the same shape."""
    return draw({"reply": {"type": "told", "text": text}, "buttons": []})


def ways(reply: dict[str, Any]) -> Iterator[tuple[list[Block], str, str]]:
    """Yield body, `text` and what an old Teams shows, from the fullest way of drawing them to the shortest."""
    top, text, short = list(header(reply)), reply["text"], f"{spoken(reply)} {words()['older']}"
    yield [*top, *parts(reply)], text, text
    yield [*top, *parts(reply)], text, short
    yield [*top, *parts(reply)], short, short
    yield [*top, *lines(text)], short, short
    yield [*top, *parts(brief(reply))], short, short


def card(body: list[Block], older: str, answer: dict[str, Any]) -> Block:
    """Return the card with its buttons; `older` is what a Teams too old for it shows."""
    listed, actions = choices(answer["buttons"], answer["reply"]["text"])
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "lang": "en",
        "msteams": {"width": "full"},
        "fallbackText": older,
        "speak": spoken(answer["reply"]),
        "body": [*body, *listed],
        "actions": actions,
    }


def spoken(reply: dict[str, Any]) -> str:
    """Return what a screen reader says when the card has come: what it is, how urgent, and what it opens with."""
    title, urgency = words()["titles"].get(reply["type"]), words()["urgency"].get(reply.get("urgency"))
    opening = textwrap.shorten(reply.get("lead") or reply["text"], SPOKEN, placeholder=" …")
    return ". ".join(part for part in (reply.get("real") and words()["real"][:-1], title, urgency, opening) if part)


def header(reply: dict[str, Any]) -> Iterator[Block]:
    """Yield the title, that advice in training is real, and how urgent it is, in words."""
    if title := words()["titles"].get(reply["type"]):
        yield heading(title, "Large")
    if reply.get("real"):
        yield band(words()["real"], "accent")
    if urgency := reply.get("urgency"):
        yield band(words()["urgency"][urgency], STYLES[urgency])


def parts(reply: dict[str, Any]) -> Iterator[Block]:
    """Yield what the reply says, its parts set apart where it has any."""
    full = reply["type"] in ("advice", "emergency", "question", "policy_text")
    if not full or reply.get("training"):
        yield from lines(reply["text"])
        return
    if lead := reply.get("lead"):
        yield rich(run(lead, weight="Bolder"))
    if (asked := reply.get("question")) and asked["text"] != lead:
        yield rich(run(asked["text"]))
    yield from titled("do", [step(f"{n}.", each) for n, each in enumerate(reply.get("do") or [], 1)])
    yield from titled("dont", [step("✗", each) for each in reply.get("dont") or []])
    yield from titled("meanwhile", [step("✗", each) for each in reply.get("meanwhile") or []])
    if note := reply.get("note"):
        yield rich(run(note, weight="Bolder"))
    yield from titled("contacts", [person(each) for each in reply.get("contacts") or []])
    yield from titled("clauses", [clause(each) for each in reply.get("clauses") or []])
    if policy := reply.get("policy"):
        late = words()["overdue"].format(**policy) if policy["overdue"] else ""
        yield rich(run(f"{policy['title']}, {policy['version']}{late}.", size="Small"))


def brief(reply: dict[str, Any]) -> dict[str, Any]:
    """Return the reply with its supporting clauses named, not quoted; those that mandate keep their words."""
    clauses = reply.get("clauses") or []
    kept = {each["clauses"][0] for each in reply.get("matches") or []} or {each["number"] for each in clauses[:1]}
    named = [each if each["number"] in kept else {**each, "quote": None} for each in clauses]
    return {**reply, "clauses": named}


def titled(name: str, rows: list[Block]) -> Iterator[Block]:
    """Yield a part's heading with its rows; nothing where there are none."""
    if rows:
        yield heading(words()[name], "Medium")
        yield from rows


def step(sign: str, each: dict[str, Any]) -> Block:
    """Return a step or warning with its clause; general advice says in its own words that it is that."""
    cite = [run(f" ({each['clause']})", italic=True)] if each["clause"] else []
    return rich(run(f"{sign} {each['text']}"), *cite, spacing="Small")


def person(each: dict[str, Any]) -> Block:
    """Return whom to tell and how, or that no contact has been set."""
    known = " · ".join(each[key] for key in ("name", "phone", "email") if each.get(key))
    return rich(run(each["title"], weight="Bolder"), run(f": {known or words()['unset']}"), spacing="Small")


def clause(each: dict[str, Any]) -> Block:
    """Return a clause with its words to the letter or, where there is no room for them, how to ask for them."""
    title = rich(run(f"{each['number']} {each['heading']}", weight="Bolder"))
    said = lines(each["quote"] or words()["ask"].format(**each))
    return {"type": "Container", "style": "emphasis", "items": [title, *said]}


def lines(text: str) -> Iterator[Block]:
    """Yield the text line by line, since not every Teams breaks a line within a block; a blank line is a space."""
    for paragraph in text.split("\n\n"):
        for n, line in enumerate(each for each in paragraph.split("\n") if each.strip()):
            yield rich(run(line), spacing="Small" if n else "Default")


def rich(*runs: Block, spacing: str = "Default") -> Block:
    """Return a block of runs; markdown is not read in it."""
    return {"type": "RichTextBlock", "spacing": spacing, "inlines": list(runs)}


def run(text: str, **look: object) -> Block:
    """Return one run of text."""
    return {"type": "TextRun", "text": text, **look}


def heading(text: str, size: str) -> Block:
    """Return a heading, which a screen reader can jump to; only for the card's own words."""
    return {"type": "TextBlock", "text": text, "style": "heading", "size": size, "weight": "Bolder", "wrap": True}


def band(text: str, style: str) -> Block:
    """Return a band that stands out; its words say all that its colour does."""
    return {"type": "Container", "style": style, "items": [rich(run(text, weight="Bolder"))]}


def choices(buttons: list[dict[str, str]], text: str) -> tuple[list[Block], list[Block]]:
    """Return what the card's body lists of the buttons, and its actions: more or longer ones stand there numbered.

    A title that the text numbers itself, as training's does, is not listed again.
    """
    if len(buttons) <= ACTIONS and all(len(each["title"]) <= ON_BUTTON for each in buttons):
        return [], [submit(each, each["title"]) for each in buttons]
    numbered = [f"{n}. {each['title']}" for n, each in enumerate(buttons, 1)]
    titles = [] if all(line in text.split("\n") for line in numbered) else numbered
    actions = [{**submit(each, str(n)), "tooltip": each["title"]} for n, each in enumerate(buttons, 1)]
    sets = [actions[at : at + ACTIONS] for at in range(0, len(actions), ACTIONS)]
    listed = [rich(run(line), spacing="Small") for line in titles]
    return [*listed, *({"type": "ActionSet", "actions": each} for each in sets)], []


def submit(button: dict[str, str], title: str) -> Block:
    """Return one button; a click brings back its id and nothing else."""
    return {"type": "Action.Submit", "title": title, "data": {"button": button["id"]}}
