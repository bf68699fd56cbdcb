"""`make soak` in its short form: no turn fails, and memory is measured and far from running away."""

import pytest
from rich.console import Console

from bot.servers import apart, everything
from bot.soak import Found, soak

TURNS, LOOSE = 400, 60.0  # megabytes per thousand turns: so short a soak is mostly warm-up


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> Found:
    """What was found in a short soak of servers of their own."""
    free = "1000000 per second"
    settings = apart(tmp_path_factory.mktemp("soak"), each_address=free, each_conversation=free)
    with everything(settings):
        return soak(settings, TURNS, every=50, console=Console(quiet=True))


@pytest.mark.server
def test_no_turn_of_a_soak_fails(found: Found) -> None:
    assert len(found.waits) == TURNS
    assert found.failures == []


@pytest.mark.server
def test_the_memory_of_every_process_is_measured_and_bounded(found: Found) -> None:
    slopes = found.slopes()

    assert set(slopes) == {"Rasa", "action server", "gateway", "together"}
    assert {name: each for name, each in slopes.items() if each > LOOSE} == {}


def test_growth_is_told_in_megabytes_per_thousand_turns() -> None:
    growing = [(turns, 500 + turns * 0.002) for turns in range(0, 4001, 250)]
    found = Found(waits=[1.0] * 4000, readings={"Rasa": growing, "gateway": [(turns, 90.0) for turns, _ in growing]})

    assert {name: round(each, 3) for name, each in found.slopes().items()} == {"Rasa": 2.0, "gateway": 0.0}
