"""Where somebody who has spoken can be reached again."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from bot.gateway.addresses import ADDRESSES, KEEP, Addresses
from bot.gateway.store import connect

JO, SAM = "slack:T1:U1", "teams:tenant:object"


@pytest.fixture
def addresses(tmp_path) -> Addresses:
    """Addresses in a file of their own, with a clock that can be set."""
    made = Addresses(connect(f"sqlite:///{tmp_path / 'gateway.db'}"), now=lambda: made.clock)
    made.clock = 1000.0
    return made


def test_an_address_is_the_newest_one(addresses: Addresses) -> None:
    for place in ("a chat", "another chat"):
        asyncio.run(addresses.note(JO, "slack", {"place": place}))

    assert asyncio.run(addresses.of(JO)) == (JO, "slack", {"place": "another chat"})


def test_who_never_spoke_has_none(addresses: Addresses) -> None:
    asyncio.run(addresses.note(JO, "slack", {}))

    assert asyncio.run(addresses.of(SAM)) is None


def test_a_forgotten_address_is_gone_and_no_other(addresses: Addresses) -> None:
    for person in (JO, SAM):
        asyncio.run(addresses.note(person, "slack", {}))
    asyncio.run(addresses.forget(JO))

    assert asyncio.run(addresses.of(JO)) is None
    assert asyncio.run(addresses.of(SAM)) is not None


def test_the_latest_of_several_is_where_somebody_spoke_last_on_an_open_channel(addresses: Addresses) -> None:
    for person in (JO, SAM):
        asyncio.run(addresses.note(person, person.partition(":")[0], {}))
        addresses.clock += 1

    assert asyncio.run(addresses.latest([JO, SAM], ["slack", "teams"])).person == SAM
    assert asyncio.run(addresses.latest([JO, SAM], ["slack"])).person == JO


@pytest.mark.parametrize(("seconds", "kept"), [(KEEP - 1, True), (KEEP + 1, False)])
def test_who_has_not_spoken_for_more_than_a_year_is_dropped(seconds: float, *, kept: bool, addresses) -> None:
    asyncio.run(addresses.note(JO, "slack", {}))
    addresses.clock += seconds
    asyncio.run(addresses.purge())

    assert (asyncio.run(addresses.of(JO)) is not None) is kept


def test_an_address_that_is_noted_many_times_at_once_is_one(addresses: Addresses) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: addresses.write(JO, "slack", {"place": n}), range(16)))
    with addresses.engine.connect() as open_:
        count = open_.execute(select(func.count()).select_from(ADDRESSES)).scalar()

    assert count == 1
