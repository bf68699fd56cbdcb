"""A conversation in the terminal, over the REST channel: `make chat`.

Draws the reply object; starts Whatnow where it is not running, and stops what it started. Reads no situation itself.
"""

import subprocess
import sys
import time
import uuid
from typing import Any, Dict, Iterator, List, Optional

import httpx
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.prompt import Prompt
from rich.text import Text

from bot.process import stop
from bot.settings import PROJECT, Settings

COLOURS = {"immediate": "bold red", "today": "bold yellow", "routine": "green"}
TITLES = {
    "advice": "What to do",
    "emergency": "EMERGENCY",
    "question": "One question",
    "policy_text": "What the policy says",
    "out_of_scope": "Not in this policy",
    "small_talk": "Whatnow",
}
Reply = Dict[str, Any]


def lines(reply: Reply) -> Iterator[Text]:
    """Yield the parts of a reply, first what to do now."""
    if reply.get("lead"):
        yield Text(reply["lead"], style="bold")
    if urgency := reply.get("urgency"):
        yield Text(f"[{urgency}]", style=COLOURS[urgency])
    for number, step in enumerate(reply.get("do") or [], 1):
        yield Text(f"{number}. {step['text']}  ({step['clause'] or 'general advice'})")
    if note := reply.get("note"):
        yield Text(note, style="bold")
    for person in reply.get("contacts") or []:
        known = ", ".join(person[key] for key in ("name", "phone", "email") if person.get(key))
        yield Text(f"☎ {person['title']}: {known or 'no contact is set in this school’s settings'}", style="cyan")
    for warning in [*(reply.get("dont") or []), *(reply.get("meanwhile") or [])]:
        yield Text(f"✗ {warning['text']}  ({warning['clause'] or 'general advice'})", style="red")
    for number, option in enumerate((reply.get("question") or {}).get("options", []), 1):
        yield Text(f"  {number}  {option['title']}", style="bold cyan")
    for clause in reply.get("clauses") or []:
        yield Text(f"\n{clause['number']} {clause['heading']}", style="bold")
        yield Text(f"“{clause['quote']}”", style="italic")
    if (policy := reply.get("policy")) and policy["overdue"]:
        yield Text(
            f"\n{policy['title']}, {policy['version']}: review was due by {policy['review_due']}, overdue.", style="dim"
        )


def draw(message: Dict[str, Any]) -> RenderableType:
    """Return one message as a panel; plain text where it brings no object."""
    reply = message.get("custom")
    if not reply:
        return Panel(Text(message.get("text", "")), title="Whatnow")
    plain = reply["type"] in ("small_talk", "out_of_scope")
    body = Text(reply["text"]) if plain else Group(*lines(reply))
    return Panel(
        body, title=TITLES.get(reply["type"], "Whatnow"), border_style=COLOURS.get(reply.get("urgency") or "", "blue")
    )


def running(settings: Settings) -> bool:
    """Say whether Whatnow answers already."""
    try:
        return httpx.get(settings.rasa_url, timeout=2).is_success
    except httpx.HTTPError:
        return False


def begin(settings: Settings) -> Optional["subprocess.Popen[bytes]"]:
    """Start Whatnow where it is not running, and wait for it."""
    if running(settings):
        return None
    process = subprocess.Popen([sys.executable, "-m", "bot.run"], cwd=PROJECT, start_new_session=True)
    while not running(settings):
        if process.poll() is not None:
            sys.exit("Whatnow could not start; see above.")
        time.sleep(0.5)
    return process


def say(client: httpx.Client, settings: Settings, sender: str, text: str) -> List[Dict[str, Any]]:
    """Return the messages that answer a text; a clear word where the line is down."""
    try:
        return list(client.post(settings.webhook, json={"sender": sender, "message": text}).json())
    except (httpx.HTTPError, ValueError):
        return [
            {"text": "The line to Whatnow is down. If a child is in danger, call 999; tell your manager or the DSL."}
        ]


def main() -> None:
    """Talk until the person says goodbye by Ctrl-C or an empty Ctrl-D."""
    settings, console, sender = Settings(), Console(), f"chat-{uuid.uuid4().hex}"
    started = begin(settings)
    console.print("[bold]Whatnow[/bold]: what has happened?  (Ctrl-C ends)")
    try:
        with httpx.Client(timeout=60) as client:
            while True:
                text = Prompt.ask("[bold green]You[/bold green]", console=console)
                for message in say(client, settings, sender, text):
                    console.print(draw(message))
    except (KeyboardInterrupt, EOFError):
        console.print("\nGoodbye.")
    finally:
        stop([started] if started else [])


if __name__ == "__main__":
    main()
