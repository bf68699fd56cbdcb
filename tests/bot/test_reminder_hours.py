"""When reminders are looked for: on the hours of a working day, and soon after a start within them."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from bot.gateway.addresses import Addresses
from bot.gateway.reminders import Reminders
from bot.gateway.standing import Standing
from bot.gateway.store import connect

SATURDAY = "2040-01-07T10:00"


def at(when: str) -> datetime:
    """Return a time of this place."""
    return datetime.fromisoformat(when).astimezone()


@pytest.fixture
def jobs(tmp_path):
    """Start reminders at a time; return what they will do."""
    engine = connect(f"sqlite:///{tmp_path / 'gateway.db'}")

    async def begin(when: str) -> list[Any]:
        gateway = Reminders(engine, Standing("http://127.0.0.1:9/", ""), Addresses(engine), {}, lambda: at(when))
        gateway.start()
        found = gateway.scheduler.get_jobs()
        gateway.stop()
        return found

    return lambda when: asyncio.run(begin(when))


@pytest.mark.parametrize("when", ["2040-01-02T03:00", "2040-01-02T07:58", "2040-01-02T15:59", SATURDAY])
def test_a_gateway_that_is_started_out_of_hours_waits_for_them(when: str, jobs) -> None:
    assert len(jobs(when)) == 1


@pytest.mark.parametrize("when", ["2040-01-02T07:59", "2040-01-02T15:58", "2040-01-06T12:00"])
def test_a_gateway_that_is_started_within_hours_looks_a_minute_later(when: str, jobs) -> None:
    assert (min(each.next_run_time for each in jobs(when) if "date" in str(each.trigger)) - at(when)).seconds == 60


@pytest.mark.parametrize(
    ("now", "following"),
    [
        ("2040-01-02T07:10", "2040-01-02T08:00"),
        ("2040-01-02T15:30", "2040-01-02T16:00"),
        ("2040-01-02T16:30", "2040-01-03T08:00"),
        ("2040-01-06T16:30", "2040-01-09T08:00"),
    ],
)
def test_a_look_is_on_the_hour_of_a_working_day(now: str, following: str, jobs) -> None:
    (job,) = jobs(SATURDAY)

    assert job.trigger.get_next_fire_time(None, at(now)).replace(tzinfo=None) == datetime.fromisoformat(following)


def test_reminders_that_were_never_started_can_be_stopped(tmp_path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'gateway.db'}")
    gateway = Reminders(engine, Standing("http://127.0.0.1:9/", ""), Addresses(engine), {})
    gateway.stop()

    assert not gateway.scheduler.running
