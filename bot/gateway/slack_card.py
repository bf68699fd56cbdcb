"""Draw an answer as Slack's Block Kit: one message, never parted from its citations. Pure; it sends nothing.

Slack's limits (3,000 characters a section, 50 blocks, 75 on a button) are kept by cutting into more sections between
sentences, never by leaving a word out. What people and the policy say is escaped, so that it is text. The card's own
words stand in card_words.yml, which Teams shares, and slack_words.yml.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SECTION, BLOCKS, ON_BUTTON, ALTERNATIVE = 2900, 50, 75, 39_000
SIGNS = {"immediate": ":rotating_light:", "today": ":clock3:", "routine": ":white_circle:"}
ASKED, NOTE = "asked-", "note"  # how ids of blocks begin
FOLDER = Path(__file__).parent
PARTED = ("question", "policy_text")
Block = dict[str, Any]


@cache
def words() -> dict[str, Any]:
    """Return what a card says of its own on every platform, and what is said on Slack alone."""
    found: dict[str, Any] = {}
    for name in ("card_words.yml", "slack_words.yml"):
        found |= yaml.safe_load((FOLDER / name).read_text(encoding="utf8"))
    return found


def draw(answer: dict[str, Any], note: str = "", *, place: str = "") -> dict[str, Any]:
    """Return the message's `text` (for notifications and clients without blocks) and `blocks`.

    Args:
        answer: the reply object and its buttons.
        note: words below it, on who sees it.
        place: where it was asked, for a click on one of its buttons, wherever it comes to be shown.
    """
    reply = answer["reply"]
    found = [*header(reply), *body(reply, answer["buttons"]), *choices(answer["buttons"], place), *noted(note)]
    return {"text": tell(reply["text"], note)["text"][:ALTERNATIVE], "blocks": within(found, reply)}


def tell(text: str, note: str = "") -> dict[str, Any]:
    """Return a message of plain words, a refusal's say."""
    return {"text": escape(f"{text}\n{note}" if note else text)}


def place_of(action: dict[str, Any]) -> str:
    """Return where the card was asked for of which a button was clicked; empty where it does not say."""
    block = str(action.get("block_id") or "")
    return block.removeprefix(ASKED) if block.startswith(ASKED) else ""


def within(blocks: list[Block], reply: dict[str, Any]) -> list[Block]:
    """Return the blocks where they are few enough; else the whole text in as few as it takes."""
    if len(blocks) <= BLOCKS:
        return blocks
    kept = [block for block in blocks if block["type"] == "actions" or block.get("block_id") == NOTE]
    return [*sections(escape(reply["text"])), *kept][-BLOCKS:]


def escape(text: str) -> str:
    """Return the text so that Slack shows it as it is: no mention, no link and no markup of its own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def header(reply: dict[str, Any]) -> Iterator[Block]:
    """Yield the title, that advice in training is real, and how urgent it is."""
    if title := words()["titles"].get(reply["type"]):
        yield {"type": "header", "text": plain(title)}
    if reply.get("real"):
        yield section(f":warning: *{words()['real']}*")
    if urgency := reply.get("urgency"):
        yield section(f"{SIGNS[urgency]} *{words()['urgency'][urgency]}*")


def body(reply: dict[str, Any], buttons: list[dict[str, str]]) -> Iterator[Block]:
    """Yield what the reply says, its parts set apart where it has any."""
    parted = reply.get("do") or reply.get("dont") or reply["type"] in PARTED
    if not parted or reply.get("training"):
        yield from told(reply, buttons)
        return
    if reply.get("lead"):
        yield from sections(f"*{escape(reply['lead'])}*")
    if (asked := reply.get("question")) and asked["text"] != reply.get("lead"):
        yield from sections(escape(asked["text"]))
    yield from listed("do", [f"{n}. {step(each)}" for n, each in enumerate(reply.get("do") or [], 1)])
    yield from listed("dont", [f":x: {step(each)}" for each in reply.get("dont") or []])
    yield from listed("meanwhile", [f":x: {step(each)}" for each in reply.get("meanwhile") or []])
    if note := reply.get("note"):
        yield from sections(f"*{escape(note)}*")
    yield from listed("contacts", [person(each) for each in reply.get("contacts") or []])
    if reply.get("clauses"):
        yield {"type": "divider"}
    for each in reply.get("clauses") or []:
        yield clause(each)
    if policy := reply.get("policy"):
        late = words()["overdue"].format(**policy) if policy["overdue"] else ""
        text = escape(f"{policy['title']}, {policy['version']}{late}.")
        yield {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def told(reply: dict[str, Any], buttons: list[dict[str, str]]) -> Iterator[Block]:
    """Yield the text, its clauses set apart to the letter, and without the options that the buttons show again."""
    text = reply["text"].removesuffix("\n".join(f"{n}. {each['title']}" for n, each in enumerate(buttons, 1)))
    apart = []
    for each in reply.get("clauses") or []:
        before, quoted, after = text.partition(f'{each["number"]} {each["heading"]}\n"{each["quote"]}"')
        if quoted:
            yield from sections(escape(before.strip()))
            yield clause(each)
            yield from [{"type": "divider"}] if after.strip() else []
            text = after
        else:
            apart.append(clause(each))
    yield from sections(escape(text.strip()))
    yield from apart


def step(each: dict[str, Any]) -> str:
    """Return a step or warning with its clause; general advice says in its own words that it is that."""
    cite = f" _({each['clause']})_" if each["clause"] else ""
    return f"{escape(each['text'])}{cite}"


def person(each: dict[str, Any]) -> str:
    """Return whom to tell and how, or that no contact has been set."""
    ways = [escape(each[key]) for key in ("name", "phone", "email") if each.get(key)]
    return f"*{escape(each['title'])}*: {' · '.join(ways) or words()['unset']}"


def clause(each: dict[str, Any]) -> Block:
    """Return a clause with its words as rich text, in which no sign is taken for markup: to the letter."""
    title = {"type": "text", "text": f"{each['number']} {each['heading']}", "style": {"bold": True}}
    quote = {"type": "text", "text": each["quote"]}
    elements = [
        {"type": "rich_text_section", "elements": [title]},
        {"type": "rich_text_quote", "elements": [quote]},
    ]
    return {"type": "rich_text", "elements": elements}


def listed(name: str, lines: list[str]) -> Iterator[Block]:
    """Yield a part's title with its lines; nothing where there are none."""
    if lines:
        yield from sections(f"*{words()[name]}*\n" + "\n".join(lines))


def sections(text: str) -> Iterator[Block]:
    """Yield the text in sections short enough for Slack, cut between lines, sentences or words."""
    while len(text) > SECTION:
        at = (
            max(text.rfind(mark, 0, SECTION) + len(mark) for mark in ("\n", ". ", " "))
            if " " in text[:SECTION]
            else SECTION
        )
        yield section(text[:at].rstrip())
        text = text[at:].lstrip()
    if text.strip():
        yield section(text)


def section(text: str) -> Block:
    """Return one section; Slack reads neither links nor names into it."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def choices(buttons: list[dict[str, str]], place: str) -> Iterator[Block]:
    """Yield the buttons, the long ones' titles whole above them, since a button shows 75 characters at most."""
    if not buttons:
        return
    if any(len(each["title"]) > ON_BUTTON for each in buttons):
        yield from sections("\n".join(f"*{n}.* {escape(each['title'])}" for n, each in enumerate(buttons, 1)))
        buttons = [{**each, "title": str(n)} for n, each in enumerate(buttons, 1)]
    elements = [
        {"type": "button", "action_id": f"choose-{each['id']}", "value": each["id"], "text": plain(each["title"])}
        for each in buttons
    ]
    yield {"type": "actions", "elements": elements} | ({"block_id": f"{ASKED}{place}"} if place else {})


def noted(note: str) -> Iterator[Block]:
    """Yield a note; nothing where there is none."""
    if note:
        yield {"type": "context", "block_id": NOTE, "elements": [plain(note)]}


def plain(text: str) -> dict[str, str]:
    """Return plain text as Slack wants it."""
    return {"type": "plain_text", "text": text}
