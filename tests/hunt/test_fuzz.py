"""Whatever comes in at an entry is read or refused in words: no other end, whatever the bytes."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from bot.gateway import slack_read, teams
from bot.gateway.body import read_object, refuse_foreign
from bot.gateway.limits import Limits
from bot.gateway.line import Line
from bot.gateway.refusal import Refusal
from bot.gateway.sessions import Sessions
from bot.gateway.store import Store, connect
from bot.gateway.turns import Turns
from bot.gateway.web import Web
from bot.masking.mask import spans
from bot.settings import Settings

HUNT = settings(deadline=None, max_examples=150, derandomize=True)
SESSIONS = Sessions(b"a secret of thirty-two characters", 1)
WEB = Web(Settings(), SESSIONS, Turns(Line("", "", 1), Store(connect("sqlite://")), "web"), Limits(Settings()))
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=8), inside, max_size=4),
    max_leaves=12,
)
ACTIVITY: dict[str, Any] = {
    "type": "message",
    "id": "1",
    "serviceUrl": "https://smba.trafficmanager.net/uk/",
    "from": {"id": "29:user", "name": "Jo"},
    "recipient": {"id": "28:bot"},
    "conversation": {"id": "a:1", "conversationType": "personal"},
    "text": "hi",
    "value": {"button": "x"},
    "channelData": {"tenant": {"id": "t"}},
    "entities": [{"type": "mention", "mentioned": {"id": "28:bot"}, "text": "<at>Whatnow</at>"}],
    "attachments": [{"contentType": "text/html"}],
    "membersAdded": [{"id": "28:bot"}],
}


def request(body: bytes, **headers: str) -> Request:
    """Return a request as the server hands it over, its body in two parts."""
    parts = [{"type": "http.request", "body": body[:7], "more_body": True}, {"type": "http.request", "body": body[7:]}]

    async def receive() -> dict[str, Any]:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    raw = [(name.replace("_", "-").encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw}, receive)


def outcome(read: Callable[..., Any], *given_: Any) -> tuple[str, Any]:
    """Return what was read, or by what name it was refused."""
    try:
        return "", read(*given_)
    except Refusal as refusal:
        return refusal.name, None


@HUNT
@given(st.binary(max_size=300) | ANY.map(lambda each: json.dumps(each).encode()))
@example(b'{"a": "\\ud800"}')
@example(b"[" * 5000)
@example(b'{"a": ' + b"9" * 5000 + b"}")
def test_a_body_is_an_object_or_refused(body: bytes) -> None:
    with ThreadPoolExecutor(1) as pool:  # a loop of its own: the browser's tests hold one
        reading = read_object(request(body, content_type="application/json"), 1_000, 1)
        refused, found = outcome(pool.submit(asyncio.run, reading).result)

    assert refused in {"malformed", "too_large"} or json.dumps(found, ensure_ascii=False).encode()


@HUNT
@given(st.text(max_size=60), st.text(max_size=20))
@example("http://[", "x")
@example("http://[::1", "x")
def test_an_origin_of_any_form_is_ours_or_refused(origin: str, host: str) -> None:
    asked = request(b"", origin=origin, host=host)
    refused, _ = outcome(refuse_foreign, asked)

    assert refused == "foreign" or asked.headers["host"] in asked.headers["origin"]


@HUNT
@given(st.text(max_size=500))
def test_a_made_up_token_opens_nothing(token: str) -> None:
    with pytest.raises(Refusal) as refused:
        SESSIONS.conversation(token)

    assert refused.value.name == "no_session"


@HUNT
@given(st.data())
def test_a_changed_token_never_opens_another_conversation(data: st.DataObject) -> None:
    token = SESSIONS.issue()
    at = data.draw(st.integers(0, len(token) - 1))
    changed = token[:at] + data.draw(st.characters(codec="latin-1")) + token[at + 1 :]
    refused, found = outcome(SESSIONS.conversation, changed)

    assert refused in {"no_session", "expired"} or found == SESSIONS.conversation(token)


@HUNT
@given(ANY | st.fixed_dictionaries({"key": ANY}, optional={"text": ANY, "button": ANY, "sender": ANY}))
def test_what_is_sent_on_the_web_is_read_or_refused(body: Any) -> None:
    refused, said = outcome(WEB.read, body)

    assert refused in {"malformed", "too_long"} or bool(said.text) != bool(said.button)


@HUNT
@given(st.sampled_from(sorted(ACTIVITY)), ANY, st.dictionaries(st.text(max_size=12), ANY, max_size=3))
def test_an_activity_of_teams_is_read_or_refused(field: str, value: Any, more: dict[str, Any]) -> None:
    refused, activity = outcome(teams.read, {**more, **ACTIVITY, field: value})

    assert refused == "malformed" or isinstance(json.loads(json.dumps(teams.job_of(activity)))["text"], str)


@HUNT
@given(st.text(max_size=300))
@example("\u0343Ax")
@example("Jo \u0301 Bloggs rang")
def test_what_is_masked_of_any_text_lies_in_it_and_does_not_overlap(text: str) -> None:
    places = [place for start, end, _ in spans(text) for place in (start, end)]

    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)


@HUNT
@given(st.text(max_size=200), st.text(max_size=200))
def test_a_text_of_teams_is_read_whatever_mentions_say(text: str, mention: str) -> None:
    entities = [{"type": "mention", "mentioned": {"id": "28:bot"}, "text": mention}]

    assert isinstance(teams.as_typed(teams.read({**ACTIVITY, "text": text, "entities": entities})), str)


@HUNT
@given(st.text(alphabet="<>@!#|&;amp lgtU1héé\n\u202e\0", max_size=300))
def test_slacks_own_marks_never_stay_in_what_was_typed(text: str) -> None:
    assert "<@U1>" not in slack_read.as_typed(f"{text.replace('<', ' ')} <@U1> hello")


@HUNT
@given(st.text(max_size=300).filter(lambda text: not set(text) & set("<>&")))
def test_a_plain_text_on_slack_is_what_was_typed(text: str) -> None:
    assert slack_read.as_typed(text) == text.strip()
