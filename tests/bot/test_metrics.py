"""What is counted, and that no label ever leads to a person or to what they said."""

import asyncio

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from actions.guard import WORD
from bot.gateway.inbox import Inbox
from bot.gateway.metrics import Metrics
from bot.gateway.refusal import Down, Refusal
from bot.gateway.store import connect
from bot.gateway.waiting import Waiting
from bot.gateway.watch import Watch
from bot.secret import inbox_key
from bot.settings import Settings
from tests.actions.conftest import SAID
from tests.bot.school import JO, Channel, school_at
from tests.bot.web_client import WebClient
from tests.conftest import free_settings, gateway_alone

CANARY = "Quibblewick"
PARENT = f"a parent called {CANARY} added me on Facebook"
Counted = dict[tuple[str, ...], float]


def read(text: str) -> Counted:
    """Return every sample by its name and labels, as Prometheus reads them."""
    families = text_string_to_metric_families(text)
    return {(each.name, *sorted(each.labels.values())): each.value for family in families for each in family.samples}


def counted(settings: Settings) -> Counted:
    """Return what a gateway has counted."""
    return read(httpx.get(f"{settings.gateway_url}/metrics").raise_for_status().text)


def taken(reply: dict | None = None, error: Exception | None = None, *, again: bool = False) -> Counted:
    """Return what is counted of one turn that took a second and a half."""
    metrics, clock = Metrics(), iter((10.0, 11.5))
    try:
        with Watch(metrics, clock=lambda: next(clock)).turn("web", "web-1") as seen:
            seen.again, seen.reply = again, reply
            if error:
                raise error
    except (Refusal, Down):
        pass
    return read(metrics.told().decode())


def ended(error: Exception, cause: Exception | None = None) -> Counted:
    """Return what is counted of a refusal or fault that somebody is told."""
    metrics = Metrics()
    error.__cause__ = cause
    Watch(metrics).ended_in(error)
    return read(metrics.told().decode())


@pytest.fixture(scope="module")
def before_and_after(server: Settings) -> tuple[Counted, Counted, str]:
    """What the real servers had counted before an answer, a question, a miss and a click on nothing, and afterwards."""
    before, web = counted(server), WebClient(server)
    for text in (PARENT, "someone has asked to follow me on insta", f"recipe for {CANARY} cake", "hello"):
        web.say(text)
    web.send(button="nothing-here")
    return before, counted(server), httpx.get(f"{server.gateway_url}/metrics").text


def grown(before_and_after, *which: str) -> float:
    """Return by how much a sample has grown."""
    before, after, _ = before_and_after
    return after.get(which, 0) - before.get(which, 0)


@pytest.mark.server
@pytest.mark.parametrize("kind", ["advice", "question", "out_of_scope", "small_talk"])
def test_each_answer_is_counted_by_its_kind(before_and_after, kind: str) -> None:
    before, after, _ = before_and_after
    both = {key for key in {*before, *after} if key[0] == "whatnow_replies_total" and kind in key and "web" in key}

    assert sum(grown(before_and_after, *key) for key in both) == 1


@pytest.mark.server
def test_turns_their_latency_and_their_confidence_are_counted(before_and_after) -> None:
    assert grown(before_and_after, "whatnow_turns_total", "answered", "web") == 4
    assert grown(before_and_after, "whatnow_turn_seconds_count", "web") == 4
    assert grown(before_and_after, "whatnow_confidence_count") == 1


@pytest.mark.server
def test_a_click_on_a_button_that_is_not_open_is_counted(before_and_after) -> None:
    assert grown(before_and_after, "whatnow_refusals_total", "closed") == 1
    assert grown(before_and_after, "whatnow_turns_total", "refused", "web") == 1


@pytest.mark.server
def test_no_word_that_was_typed_and_no_conversation_is_in_what_is_counted(before_and_after) -> None:
    text = before_and_after[2].lower()

    assert [each for each in (CANARY.lower(), "facebook", "insta", "cake", "web-") if each in text] == []


@pytest.mark.server
def test_no_procedure_is_in_what_is_counted(before_and_after, library) -> None:
    assert [each for each in library.procedures if each in before_and_after[2]] == []


def test_an_answer_is_counted_with_its_urgency_and_how_sure_it_was() -> None:
    found = taken({"type": "advice", "urgency": "today", "matches": [{"confidence": 0.74}, {"confidence": 0.1}]})

    assert found["whatnow_replies_total", "advice", "today", "web"] == 1
    assert found["whatnow_confidence_sum",] == 0.74
    assert found["whatnow_turn_seconds_sum", "web"] == 1.5


def test_whatever_stands_in_a_reply_no_label_takes_it_over() -> None:
    found = taken({"type": CANARY, "urgency": CANARY})

    assert found["whatnow_replies_total", "other", "other", "web"] == 1
    assert not any(CANARY in key for key in found)


def test_a_kept_answer_that_goes_out_again_is_no_new_one() -> None:
    found = taken({"type": "advice"}, again=True)

    assert found["whatnow_turns_total", "again", "web"] == 1
    assert not any(key[0].startswith(("whatnow_replies", "whatnow_turn_seconds")) for key in found)


def test_a_turn_in_which_a_part_failed_counts_with_its_time() -> None:
    found = taken(error=Down("rasa"))

    assert found["whatnow_turns_total", "down", "web"] == 1
    assert found["whatnow_turn_seconds_sum", "web"] == 1.5


@pytest.mark.parametrize(
    ("error", "part"), [(Down("rasa"), "rasa"), (Down("actions"), "actions"), (OSError("x"), "gateway")]
)
def test_a_fault_is_counted_by_the_part_that_failed(error: Exception, part: str) -> None:
    assert ended(error)["whatnow_faults_total", part] == 1


def test_a_refusal_because_of_a_fault_is_both() -> None:
    found = ended(Refusal("not_forgotten"), Down("rasa"))

    assert found["whatnow_refusals_total", "not_forgotten"] == 1
    assert found["whatnow_faults_total", "rasa"] == 1


def test_a_refusal_is_no_fault() -> None:
    assert not any(key[0] == "whatnow_faults_total" for key in ended(Refusal("malformed"), ValueError(CANARY)))


def test_without_rasa_the_gateway_counts_that_it_is_down(tmp_path) -> None:
    with gateway_alone(free_settings(tmp_path)) as settings:
        WebClient(settings).send(text=PARENT)
        found = counted(settings)

    assert found["whatnow_faults_total", "rasa"] == 1
    assert found["process_resident_memory_bytes",] > 0


def test_what_waits_in_an_inbox_is_told_by_channel(tmp_path) -> None:
    engine, metrics = connect(f"sqlite:///{tmp_path / 'gateway.db'}"), Metrics()
    asyncio.run(Inbox(engine, "slack", inbox_key(b"x" * 32)).put("event-1", {"text": CANARY}))
    metrics.follow(engine, ["slack", "teams"])
    found = read(metrics.told().decode())

    assert found["whatnow_inbox_waiting", "slack"] == 1
    assert found["whatnow_inbox_waiting", "teams"] == 0


def test_how_long_the_oldest_waits_is_told_until_it_is_answered(tmp_path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'gateway.db'}")
    inbox = Inbox(engine, "slack", inbox_key(b"x" * 32), lambda: 1000.0)
    asyncio.run(inbox.put("event-1", {"text": "x"}))

    def oldest() -> float:
        return list(Waiting(engine, ["slack"], lambda: 1090.0).collect())[1].samples[0].value

    assert oldest() == 90
    asyncio.run(inbox.done("event-1"))
    assert oldest() == 0


def test_with_the_database_gone_the_rest_is_told(tmp_path) -> None:
    engine, metrics = connect(f"sqlite:///{tmp_path / 'gateway.db'}"), Metrics()
    metrics.follow(engine, ["slack"])
    with engine.begin() as open_:
        open_.exec_driver_sql("DROP TABLE inbox")
    found = read(metrics.told().decode())

    assert not any(key[0] == "whatnow_inbox_waiting" for key in found)
    assert ("process_cpu_seconds_total",) in found


@pytest.mark.parametrize(("broken", "labels"), [(False, ("slack", "yes")), (True, ("no", "slack"))])
def test_reminders_are_counted_by_whether_they_arrived(tmp_path, library, monkeypatch, broken, labels) -> None:
    monkeypatch.setenv(WORD, SAID)
    metrics = Metrics()
    with school_at(tmp_path, library.policy) as school:
        school.speaks(JO)
        school.slack.broken = broken
        school.slack = Watch(metrics).reminding({"slack": school.slack})["slack"]
        school.look()

    assert read(metrics.told().decode())["whatnow_reminders_total", *labels] == 1


def test_a_broken_channel_s_reminder_still_raises() -> None:
    channel = Channel()
    channel.broken = True
    with pytest.raises(OSError, match="cannot be reached"):
        asyncio.run(Watch(Metrics()).reminding({"slack": channel})["slack"].remind({"place": "x"}, "words"))
