"""Reminders: once for each completion, where somebody spoke last, and to nobody who never spoke to us."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import yaml
from apscheduler.events import EVENT_JOB_EXECUTED

from actions.guard import WORD
from bot.gateway.refusal import words
from bot.gateway.reminders import Reminders
from bot.gateway.standing import Standing
from tests.actions.conftest import SAID, passed
from tests.bot.school import JO, NEXT_TO_DUE, SAM, School, school_at
from tests.conftest import PROJECT, free_port


@pytest.fixture
def school(tmp_path, library, monkeypatch):
    """A school in which Jo's training is due."""
    monkeypatch.setenv(WORD, SAID)
    with school_at(tmp_path, library.policy) as made:
        yield made


def test_who_is_due_is_reminded_where_they_spoke(school: School) -> None:
    school.speaks()
    school.look()
    (address, text), *others = school.slack.told

    assert (address, others) == ({"place": f"chat of {JO}"}, [])
    assert "holds until 1 April 2027" in text


def test_who_never_spoke_to_us_is_not_written_to(school: School) -> None:
    school.look()

    assert school.slack.told == []


def test_who_speaks_later_is_reminded_then(school: School) -> None:
    school.look()
    school.speaks()
    school.look()

    assert len(school.slack.told) == 1


def test_who_is_forgotten_is_not_written_to(school: School) -> None:
    school.speaks()
    asyncio.run(school.gateway().addresses.forget(JO))
    school.look()

    assert school.slack.told == []


def test_who_is_complete_is_not_reminded(school: School) -> None:
    passed(school.record, JO)
    school.speaks()
    school.look()

    assert school.slack.told == []


def test_two_gateways_that_look_at_once_remind_once(school: School) -> None:
    school.speaks()
    school.look(school.gateway(), school.gateway())

    assert len(school.slack.told) == 1


def test_a_restart_reminds_nobody_again(school: School) -> None:
    school.speaks()
    school.look()
    school.look()

    assert len(school.slack.told) == 1


def test_who_was_reminded_while_due_is_not_reminded_again_when_overdue(school: School) -> None:
    school.speaks()
    school.look()
    school.clock.now += timedelta(days=30)
    school.look()

    assert len(school.slack.told) == 1


def test_who_is_overdue_is_told_so(school: School) -> None:
    school.clock.now += timedelta(days=30)
    school.speaks()
    school.look()

    assert "yours was until 1 April 2027" in school.slack.told[0][1]


def test_a_completed_refresher_is_reminded_of_next_year(school: School) -> None:
    school.speaks()
    school.look()
    passed(school.record, JO, kind="refresher")
    school.look()
    assert len(school.slack.told) == 1
    school.clock.now += NEXT_TO_DUE
    school.look()

    assert len(school.slack.told) == 2


def test_who_is_known_as_two_persons_is_reminded_once_and_where_they_spoke_last(school: School) -> None:
    passed(school.record, JO, SAM)
    school.clock.now += NEXT_TO_DUE
    for person in (SAM, JO, SAM):
        school.speaks(person)
        school.clock.now += timedelta(hours=1)
    school.look()

    assert (len(school.slack.told), len(school.teams.told)) == (0, 1)


def test_a_reminder_that_does_not_arrive_is_not_sent_again(school: School) -> None:
    school.speaks()
    school.slack.broken = True
    school.look()
    school.slack.broken = False
    school.look()

    assert len(school.slack.told) == 1


def test_a_reminder_that_does_not_arrive_is_logged_without_a_name_or_an_id(school: School, caplog) -> None:
    school.speaks()
    school.slack.broken = True
    school.look()

    assert "a reminder on slack did not arrive: OSError" in caplog.text
    assert [each for each in ("U1", "T1", "Bloggs", "chat of") if each in caplog.text] == []


def test_one_channel_s_failure_does_not_stop_the_next_reminder(school: School) -> None:
    passed(school.record, SAM)
    school.clock.now += timedelta(days=366)
    for person in (JO, SAM):
        school.speaks(person)
    school.slack.broken = True
    school.look()

    assert (len(school.slack.told), len(school.teams.told)) == (1, 1)


def test_a_channel_that_is_closed_keeps_its_reminders_for_later(school: School) -> None:
    school.speaks()
    school.look(school.gateway(channels=("teams",)))
    assert school.slack.told == []
    school.look()

    assert len(school.slack.told) == 1


def test_with_the_action_server_down_nobody_is_reminded_until_it_is_back(school: School) -> None:
    school.speaks()
    school.look(school.gateway(f"http://127.0.0.1:{free_port()}/"))
    assert school.slack.told == []
    school.look()

    assert len(school.slack.told) == 1


def test_with_another_word_nothing_is_known(school: School) -> None:
    async def ask(standing: Standing) -> tuple[Any, Any]:
        found = await standing.of(JO), await standing.due()
        await standing.close()
        return found

    assert asyncio.run(ask(Standing(school.url, "another word"))) == (None, [])


def test_a_person_s_standing_is_asked_for(school: School) -> None:
    async def ask(standing: Standing) -> Any:
        found = await standing.of(JO)
        await standing.close()
        return found

    assert asyncio.run(ask(Standing(school.url, SAID)))["state"] == "due"


async def started(*gateways: Reminders) -> None:
    """Start these gateways' reminders, and stop them when each has looked."""
    looked: asyncio.Queue[Any] = asyncio.Queue()
    for each in gateways:
        each.scheduler.add_listener(looked.put_nowait, EVENT_JOB_EXECUTED)
        each.start()
    async with asyncio.timeout(20):
        for _ in gateways:
            await looked.get()
    for each in gateways:
        each.stop()
        await each.standing.close()


def test_two_gateways_that_are_started_within_hours_remind_soon_and_once(school: School) -> None:
    school.speaks()
    asyncio.run(started(school.gateway(), school.gateway()))

    assert len(school.slack.told) == 1


@pytest.mark.parametrize("state", ["due", "overdue"])
def test_what_a_reminder_asks_to_write_begins_a_course(state: str, engine) -> None:
    told = words()[f"reminder_{state}"]["text"].rsplit(": ", 1)[1].rstrip(".")
    moves = yaml.safe_load((PROJECT / "data/nlu/moves/move_train_start.yml").read_text(encoding="utf8"))

    assert f"- {told}\n" in moves["nlu"][0]["examples"]
    assert engine.is_move(told)
