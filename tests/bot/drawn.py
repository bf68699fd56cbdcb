"""Read back what each channel has drawn of a reply: its steps, warnings and clauses, in the order they stand there.

Used by the tests that hold the channels against one another. Each reader takes what the drawer made and no more.
"""

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

from bot import chat
from bot.gateway import slack_card, teams_card

Held = dict[str, list[tuple[str, str | None]]]
LINE = re.compile(r"(?P<text>.*?)(?: \((?P<clause>(?:[A-Z]\.|\d)[\w.-]*)\))?", re.DOTALL)
CLAUSE = re.compile(r'^(\S+) [^\n]*\n"(.*?)"$(?=\n\S+ [^\n]*\n"|\n\nFrom the |\Z)', re.MULTILINE | re.DOTALL)


def held(reply: dict[str, Any]) -> Held:
    """Return what every channel must show of a reply: nothing less, nothing more, in this order."""
    warnings = [*(reply.get("dont") or []), *(reply.get("meanwhile") or [])]
    return {
        "do": [(each["text"], each["clause"]) for each in reply.get("do") or []],
        "dont": [(each["text"], each["clause"]) for each in warnings],
        "clauses": [(each["number"], each["quote"]) for each in reply.get("clauses") or []],
    }


def cited(line: str) -> tuple[str, str | None]:
    """Return a line's words and the clause in brackets after them."""
    found = LINE.fullmatch(line)
    assert found
    return found["text"], found["clause"]


def rows(lines: list[str], headings: dict[str, str]) -> Held:
    """Return the steps and warnings that stand as lines under their headings, and an empty list of clauses."""
    found: Held = {"do": [], "dont": [], "clauses": []}
    under = ""
    for line in lines:
        if line in headings:
            under = headings[line]
        elif under and (row := re.fullmatch(r"(?:\d+\.|:x:|✗|-) (.*)", line)):
            found[under].append(cited(row[1]))
    return found


def slack(reply: dict[str, Any]) -> Held:
    """Return what stands in Slack's blocks."""
    blocks = slack_card.draw({"reply": reply, "buttons": []})["blocks"]
    text = "\n".join(each["text"]["text"] for each in blocks if each["type"] == "section")
    plain = re.sub(r" _\((.*?)\)_$", r" (\1)", text, flags=re.MULTILINE)
    headings = {"*Do*": "do", "*Do not*": "dont", "*Until we know*": "dont", "*Who to tell*": ""}
    found = rows(html.unescape(plain).split("\n"), headings)
    for each in (block["elements"] for block in blocks if block["type"] == "rich_text"):
        title, quote = (part["elements"][0]["text"] for part in each)
        found["clauses"].append((title.split()[0], quote))
    return found


def runs(block: dict[str, Any]) -> str:
    """Return the words of one of Teams' blocks."""
    return block.get("text") or "".join(each["text"] for each in block.get("inlines", []))


def teams(reply: dict[str, Any]) -> Held:
    """Return what stands in Teams' card."""
    body = teams_card.draw({"reply": reply, "buttons": []})["card"]["body"]
    headings = {"Do": "do", "Do not": "dont", "Until we know": "dont", "Who to tell": ""}
    found = rows([runs(each) for each in body], headings)
    for each in (block["items"] for block in body if block.get("style") == "emphasis"):
        title, *lines = each
        quote = "".join(("\n" if line["spacing"] == "Small" else "\n\n") + runs(line) for line in lines)
        found["clauses"].append((runs(title).split()[0], quote.strip("\n")))
    return found


def terminal(reply: dict[str, Any]) -> Held:
    """Return what stands in the terminal's panel."""
    found: Held = {"do": [], "dont": [], "clauses": []}
    lines = [each.plain for each in chat.draw({"custom": reply}).renderable.renderables]
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        spoken = line.replace("  (general advice)", "").replace("  (", " (")
        if row := re.fullmatch(r"(\d+\.|✗) (.*)", spoken):
            found["dont" if row[1] == "✗" else "do"].append(cited(row[2]))
        elif after.startswith("“"):
            found["clauses"].append((line.split()[0], after[1:-1]))
    return found


def plain(reply: dict[str, Any]) -> Held:
    """Return what stands in the plain text, which the command line and any other REST channel print."""
    said, _, quoted = reply["text"].partition("The policy's own words:\n")
    headings = {"What to do:": "do", "What not to do:": "dont", "Until that is clear:": "dont"}
    found = rows(said.split("\n"), headings | dict.fromkeys(("Whom to tell:", "You can answer:"), ""))
    found["clauses"] = list(quotes(quoted))
    return found


def quotes(text: str) -> Iterator[tuple[str, str]]:
    """Yield number and words of the clauses in a plain text: a line of title, then the words in quotation marks."""
    for each in CLAUSE.finditer(text):
        yield each[1], each[2]


CHANNELS: dict[str, Callable[[dict[str, Any]], Held]] = {
    "Slack": slack,
    "Teams": teams,
    "terminal": terminal,
    "plain text": plain,
}
