"""A real PostgreSQL and a real Redis, started by the project's own script."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.databases import databases as both

Urls = dict[str, str]


@contextmanager
def databases_on(postgresql: int, redis: int) -> Iterator[Urls]:
    """Both on these ports; gives the settings that name them."""
    with both(postgresql, redis) as found:
        yield found.urls


@pytest.fixture(scope="session")
def databases() -> Iterator[Urls]:
    """Both, for as long as the tests run."""
    with databases_on(0, 0) as urls:
        yield urls
