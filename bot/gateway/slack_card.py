"""Draw an answer as Slack's Block Kit: one message, never parted from its citations. Pure; it sends nothing.

Slack's limits (3,000 characters a section, 50 blocks, 75 on a button) are kept by cutting into more sections between
sentences, never by leaving a word out. What people and the policy say is escaped, so that it is text.
"""

from collections.abc import Iterator
from typing import Any

SECTION, BLOCKS, ON_BUTTON, ALTERNATIVE = 2900, 50, 75, 39_000
SIGNS = {
    "immediate": ":rotating_light: *Do this now*",
    "today": ":clock3: *Do this today*",
    "routine": ":white_circle: *Not urgent: do this in the normal way*",
}
TITLES = {
    "advice": "What to do",
    "emergency": "Emergency",
    "question": "One question first",
    "policy_text": "What the policy says",
    "out_of_scope": "Not in this policy",
    "training": "Practice",
    "record": "Your result",
}
Block = dict[str, Any]


def draw(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the message's `text` (for notifications and clients without blocks) and `blocks`."""
    reply, buttons = answer["reply"], answer["buttons"]
    found = [block for block in [*header(reply), *body(reply), *choices(buttons)] if block]
    return {"text": escape(reply["text"])[:ALTERNATIVE], "blocks": within(found, reply)}


def within(blocks: list[Block], reply: dict[str, Any]) -> list[Block]:
    """Return the blocks where they are few enough; else the whole text in as few as it takes."""
    if len(blocks) <= BLOCKS:
        return blocks
    actions = [block for block in blocks if block["type"] == "actions"]
    return [*sections(escape(reply["text"])), *actions][-BLOCKS:]


def escape(text: str) -> str:
    """Return the text so that Slack shows it as it is: no mention, no link and no markup of its own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def header(reply: dict[str, Any]) -> Iterator[Block]:
    """Yield the title, that advice in training is real, and how urgent it is."""
    if title := TITLES.get(reply["type"]):
        yield {"type": "header", "text": {"type": "plain_text", "text": title}}
    if reply.get("real"):
        yield section(":warning: *This is real advice, not training.* Your training is paused and kept.")
    if urgency := reply.get("urgency"):
        yield section(SIGNS[urgency])


def body(reply: dict[str, Any]) -> Iterator[Block]:
    """Yield what the reply says, its parts set apart where it has any."""
    if not (reply.get("do") or reply.get("dont") or reply["type"] in ("question", "policy_text")) or reply.get(
        "training"
    ):
        yield from sections(escape(reply["text"]))
        return
    if reply.get("lead"):
        yield from sections(f"*{escape(reply['lead'])}*")
    if (asked := reply.get("question")) and asked["text"] != reply.get("lead"):
        yield from sections(escape(asked["text"]))
    yield from listed("Do", [f"{n}. {step(each)}" for n, each in enumerate(reply.get("do") or [], 1)])
    yield from listed("Do not", [f":x: {step(each)}" for each in reply.get("dont") or []])
    yield from listed("Until we know", [f":x: {step(each)}" for each in reply.get("meanwhile") or []])
    yield from listed("Who to tell", [person(each) for each in reply.get("contacts") or []])
    if reply.get("clauses"):
        yield {"type": "divider"}
    for each in reply.get("clauses") or []:
        yield clause(each)
    if policy := reply.get("policy"):
        late = f"; its review was due by {policy['review_due']} and is overdue" if policy["overdue"] else ""
        text = escape(f"{policy['title']}, {policy['version']}{late}.")
        yield {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def step(each: dict[str, Any]) -> str:
    """Return a step or warning with its clause; general advice says in its own words that it is that."""
    cite = f" _({each['clause']})_" if each["clause"] else ""
    return f"{escape(each['text'])}{cite}"


def person(each: dict[str, Any]) -> str:
    """Return whom to tell and how, or that no contact has been set."""
    ways = [escape(each[key]) for key in ("name", "phone", "email") if each.get(key)]
    return f"*{escape(each['title'])}*: {' · '.join(ways) or 'no contact has been set in this school’s settings'}"


def clause(each: dict[str, Any]) -> Block:
    """Return a clause with its words as rich text, in which no sign is taken for markup: to the letter."""
    title = {"type": "text", "text": f"{each['number']} {each['heading']}", "style": {"bold": True}}
    quote = {"type": "text", "text": each["quote"]}
    elements = [
        {"type": "rich_text_section", "elements": [title]},
        {"type": "rich_text_quote", "elements": [quote]},
    ]
    return {"type": "rich_text", "elements": elements}


def listed(title: str, lines: list[str]) -> Iterator[Block]:
    """Yield a title with its lines; nothing where there are none."""
    if lines:
        yield from sections(f"*{title}*\n" + "\n".join(lines))


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


def choices(buttons: list[dict[str, str]]) -> Iterator[Block]:
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
    yield {"type": "actions", "elements": elements}


def plain(text: str) -> dict[str, str]:
    """Return plain text as Slack wants it."""
    return {"type": "plain_text", "text": text}
