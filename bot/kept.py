"""What is kept of a conversation: its last events, masked. Works on events as Rasa writes them down, knows no Rasa.

What a person typed is masked. The assistant's own words stay whole (a helpline's number is advice), but for what was
masked in this person's words: should a reply repeat that, it is masked there too. Of who speaks nothing is kept.
"""

import json
import re
from typing import Any, Dict, Iterable, List, Pattern, Sequence

from bot.masking.lexicon import is_word
from bot.masking.mask import mask, mask_all, spans

Event = Dict[str, Any]
KEPT = 60  # events; a turn has about eight, and no action or rule looks further back than the turn before
SAID, SLOT, LISTEN, BEGUN = "user", "slot", "action_listen", "action_session_start"
OF_THE_PERSON = {"situation"}  # slots in a person's own words
SESSION_METADATA = "session_started_metadata"
OURS = {"bot": ("text", "data"), "slot": ("value",)}  # where the assistant's own words stand, by kind of event
WHO = ("name", "person")


def told(events: Iterable[Event]) -> Dict[str, str]:
    """Return what these events say of people, each with what stands for it."""
    found: Dict[str, str] = {}
    for event in events:
        if event["event"] == SAID:
            text, metadata = event.get("text") or "", event.get("metadata") or {}
            found.update({text[start:end]: f"[{kind}]" for start, end, kind in spans(text)})
            found.update({str(metadata[key]): "[name]" for key in WHO if metadata.get(key)})
    return {words: mark for words, mark in found.items() if not is_word(words)}


def finder(secrets: Dict[str, str]) -> Pattern[str]:
    """Return a form that finds each of these as whole words, the longest first."""
    longest = sorted(secrets, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in longest))


def without(value: Any, secrets: Dict[str, str], form: Pattern[str]) -> Any:
    """Return a JSON value with these replaced in every sentence; codes and ids are left."""
    if isinstance(value, str):
        return form.sub(lambda match: secrets[match[0]], value) if " " in value else value
    if isinstance(value, dict):
        return {key: without(each, secrets, form) for key, each in value.items()}
    return [without(each, secrets, form) for each in value] if isinstance(value, list) else value


def said(event: Event) -> Event:
    """Return a person's message, masked; its tokens' places and who speaks are left out."""
    read = {key: each for key, each in (event.get("parse_data") or {}).items() if key != "text_tokens"}
    for part in (event, read):
        if part.get("metadata"):
            part["metadata"] = {key: each for key, each in part["metadata"].items() if key not in WHO}
    masked = {key: mask_all(read[key]) for key in ("text", "entities") if key in read}
    return {
        **event,
        "text": mask(event["text"]) if event.get("text") else event.get("text"),
        "parse_data": {**read, **masked},
    }


def masked(event: Event, secrets: Dict[str, str]) -> Event:
    """Return a copy of an event with what it says of people masked."""
    event = json.loads(json.dumps(event))
    if event["event"] == SAID:
        return said(event)
    if event["event"] == SLOT and event["name"] == SESSION_METADATA:
        return {**event, "value": None}
    if event["event"] == SLOT and event["name"] in OF_THE_PERSON:
        return {**event, "value": mask_all(event["value"])}
    parts = OURS.get(event["event"], ()) if secrets else ()
    return {**event, **{part: without(event.get(part), secrets, finder(secrets)) for part in parts}}


def bounded(events: Sequence[Event], most: int = KEPT) -> List[Event]:
    """Return the last events of the session, from where the assistant listened, after the slots as they stood then."""
    begun = max((place for place, event in enumerate(events) if event.get("name") == BEGUN), default=0)
    session = list(events[begun:])
    if len(session) <= most:
        return session
    listened = (place for place in range(len(session) - most, len(session)) if session[place].get("name") == LISTEN)
    cut = next(listened, len(session) - most)
    slots = {event["name"]: event for event in session[:cut] if event["event"] == SLOT}
    return [*slots.values(), *session[cut:]]
