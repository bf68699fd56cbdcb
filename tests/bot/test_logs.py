"""What the gateway writes down: lines that a program can read, by which a turn can be followed and no person found."""

import asyncio
import io
import json
import logging
from datetime import UTC, datetime

import pytest

from bot.gateway.logs import Log, formatter
from bot.gateway.refusal import Down, Refusal
from bot.gateway.watch import Watch
from tests.bot.web_client import WebClient
from tests.conftest import free_settings, gateway_alone, output_of

CANARY = "zanzoppel"
PARENT = f"a parent called Quibblewick added me on {CANARY}"
SPRING = datetime(2026, 4, 1, 9, tzinfo=UTC)
SECRET = b"a secret of thirty-two bytes, or so"


class Lines:
    """The lines that were written."""

    def __init__(self) -> None:
        """Begin with none."""
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        """All of them as they stand."""
        return self.stream.getvalue()

    @property
    def last(self) -> dict:
        """The last one, read."""
        return json.loads(self.text.splitlines()[-1])


@pytest.fixture
def lines(monkeypatch):
    """Whatever any logger writes, in the gateway's form; uvicorn's too, whatever a server of another test has set."""
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    found, root, ours = Lines(), logging.getLogger(), logging.getLogger("bot")
    handler = logging.StreamHandler(found.stream)
    handler.setFormatter(formatter())
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield found
    root.removeHandler(handler)
    ours.setLevel(logging.NOTSET)


def watch(secret: bytes = SECRET, now: datetime = SPRING) -> Watch:
    """Return a watch that writes down."""
    clock = iter((10.0, 11.5))
    return Watch(Log(secret, lambda: now), clock=lambda: next(clock))


def mark(conversation: str, secret: bytes = SECRET, now: datetime = SPRING) -> str:
    """Return what stands for a conversation."""
    return Log(secret, lambda: now).mark(conversation)


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    """Return an error as it comes from where it was raised."""
    try:
        raise error from cause
    except type(error) as found:
        return found


def test_a_turn_is_one_line_with_all_that_may_be_known(lines: Lines) -> None:
    with watch().turn("web", "web-1") as seen:
        seen.reply = {"type": "advice", "urgency": "today", "text": PARENT}
    told = lines.last
    words = {"event": "turn", "channel": "web", "kind": "advice", "urgency": "today", "outcome": "answered"}

    assert told == {**words, "ms": 1500, "conversation": mark("web-1"), "level": "info", "time": told["time"]}
    assert len(lines.text.splitlines()) == 1


def test_a_line_says_when_in_a_form_that_sorts(lines: Lines) -> None:
    with watch().turn("web", "web-1"):
        pass

    assert datetime.fromisoformat(lines.last["time"]).tzinfo is not None


@pytest.mark.parametrize(("error", "outcome"), [(Refusal("closed"), "refused"), (Down("rasa"), "down")])
def test_a_turn_that_ended_otherwise_says_how(lines: Lines, error: Exception, outcome: str) -> None:
    with pytest.raises(type(error)), watch().turn("web", "web-1"):
        raise error

    assert lines.last["outcome"] == outcome


def test_one_conversation_s_lines_of_a_day_can_be_joined() -> None:
    assert mark("web-1") == mark("web-1")
    assert mark("web-1") != mark("web-2")


def test_they_lead_back_to_nobody_and_not_from_day_to_day() -> None:
    found = {mark("slack:T1:U1"), mark("slack:T1:U1", b"x" * 32), mark("slack:T1:U1", now=SPRING.replace(day=2))}

    assert len(found) == 3
    assert all(len(each) == 8 for each in found)


def test_a_refusal_is_a_line_with_its_name_and_place(lines: Lines) -> None:
    watch().ended_in(raised(Refusal("too_long", limit=4000), ValueError(PARENT)))

    assert (lines.last["event"], lines.last["name"], lines.last["cause"]) == ("refusal", "too_long", "ValueError")
    assert lines.last["where"].startswith("tests/bot/test_logs.py:")
    assert CANARY not in lines.text


def test_a_fault_is_a_line_with_its_part_its_cause_and_its_place(lines: Lines) -> None:
    watch().ended_in(raised(Down("rasa"), ConnectionError(PARENT)))

    assert (lines.last["event"], lines.last["part"]) == ("fault", "rasa")
    assert (lines.last["error"], lines.last["cause"], lines.last["level"]) == ("Down", "ConnectionError", "warning")
    assert CANARY not in lines.text


def test_what_another_library_fills_in_is_left_out(lines: Lines) -> None:
    logging.getLogger("uvicorn.error").warning("took %s from %s", PARENT, "somebody")

    assert (lines.last["event"], lines.last["logger"]) == ("took %s from %s", "uvicorn.error")


def test_what_another_library_quotes_is_left_out(lines: Lines) -> None:
    filled = f"cannot read '{PARENT}'"
    logging.getLogger("somebody").error(filled)

    assert lines.last["event"] == "cannot read '...'"


def test_what_was_raised_elsewhere_is_told_by_kind_and_place(lines: Lines) -> None:
    error = raised(KeyError(PARENT))
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=error)

    assert lines.last["error"] == "KeyError"
    assert lines.last["where"].startswith("tests/bot/test_logs.py:")
    assert CANARY not in lines.text


def test_an_error_that_is_logged_in_the_place_of_words_is_told_by_its_kind(lines: Lines) -> None:
    logging.getLogger("somebody").error(KeyError(PARENT))

    assert lines.last["event"] == "KeyError"


def test_an_error_in_a_forgotten_task_is_told_without_its_words(lines: Lines) -> None:
    async def fail() -> None:
        raise ValueError(PARENT)

    async def forget() -> None:
        task = asyncio.ensure_future(fail())
        await asyncio.sleep(0.01)
        del task

    asyncio.run(forget())

    assert (lines.last["event"], lines.last["error"]) == ("Task exception was never retrieved", "ValueError")
    assert CANARY not in lines.text


def test_what_we_fill_in_ourselves_is_told_without_names(lines: Lines) -> None:
    logging.getLogger("bot.gateway.worker").warning("an answer on %s waits: %s", "slack", "Mrs Oluwaseun Okafor")

    assert lines.last["event"].startswith("an answer on slack waits: ")
    assert "Okafor" not in lines.text


def test_a_gateway_without_rasa_writes_nothing_but_such_lines(tmp_path) -> None:
    settings = free_settings(tmp_path)
    with gateway_alone(settings):
        WebClient(settings).send(text=PARENT)
        WebClient(settings).post("/api/say", {"key": "x", "text": PARENT})
    found = [json.loads(line) for line in output_of(settings).read_text(encoding="utf8").splitlines()]

    assert [each["event"] for each in found] == ["turn", "fault", "refusal"]
    assert [each.get("outcome") or each.get("part") or each["name"] for each in found] == ["down", "rasa", "malformed"]
