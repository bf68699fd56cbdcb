"""One part broken at a time: staff get the answer or the safe words, and it recovers by itself (`make faults`)."""

from collections.abc import Iterator

import pytest

from bot.faults import FAULTS, Whole, running

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Iterator[Whole]:
    """One of each part, as `make run` starts them."""
    with running(tmp_path_factory.mktemp("faults")) as found:
        yield found


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_brings_an_answer_or_the_safe_words_and_mends_itself(fault: str, whole: Whole) -> None:
    outcome = whole.after(FAULTS[fault])  # raises where it does not recover, or the answer is not the one and only

    assert outcome.answered or "999" in outcome.words or "the page says the safe words itself" in outcome.words
