"""One part broken at a time: staff get the answer or the safe words, and it recovers by itself (`make faults`)."""

from collections.abc import Iterator

import pytest

from bot.databases import Databases, databases
from bot.faults.clock import with_clock
from bot.faults.parts import PARTS
from bot.faults.shared import SHARED
from bot.faults.whole import AT_ONCE, GOING_ON, Outcome, Whole, running

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Iterator[Whole]:
    """One of each part, as `make run` starts them, by a clock that can be set."""
    folder = tmp_path_factory.mktemp("faults")
    with running(folder, **with_clock(folder)) as found:
        yield found


@pytest.fixture(scope="module")
def over_databases(tmp_path_factory) -> Iterator[tuple[Whole, Databases]]:
    """One of each part over a PostgreSQL and a Redis."""
    with databases() as ours, running(tmp_path_factory.mktemp("shared"), **ours.urls) as found:
        yield found, ours


def told(outcome: Outcome) -> bool:
    """Say whether staff got an answer or the safe words."""
    return outcome.answered or "999" in outcome.words or "the page says the safe words itself" in outcome.words


@pytest.mark.parametrize("fault", PARTS)
def test_a_part_s_fault_brings_an_answer_or_the_safe_words_and_mends_itself(fault: str, whole: Whole) -> None:
    outcome = whole.after(PARTS[fault], AT_ONCE)  # raises where it does not recover, or the answer is not the one

    assert told(outcome)
    assert outcome.answered or not fault.startswith("clock")


@pytest.mark.parametrize("fault", SHARED)
def test_a_shared_database_s_fault_brings_an_answer_or_the_safe_words_and_mends_itself(
    fault: str, over_databases: tuple[Whole, Databases]
) -> None:
    whole, ours = over_databases
    outcome = whole.after(SHARED[fault](ours), GOING_ON)

    assert told(outcome)
    assert outcome.answered or fault != "training record locked"
