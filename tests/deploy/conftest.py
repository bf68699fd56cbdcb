"""A real PostgreSQL and a real Redis, started by the project's own script."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.conftest import PROJECT, free_port

SCRIPT = str(PROJECT / "deploy" / "databases.sh")
Urls = dict[str, str]


@contextmanager
def databases_on(postgresql: int, redis: int) -> Iterator[Urls]:
    """Both on these ports; gives the settings that name them."""
    folder = f"/tmp/whatnow-databases-{os.getpid()}-{redis}"  # noqa: S108  (PostgreSQL's user must reach it)
    ports = {"WHATNOW_POSTGRESQL_PORT": str(postgresql), "WHATNOW_REDIS_PORT": str(redis)}
    try:
        started = subprocess.run(
            [SCRIPT, "start", folder], env={**os.environ, **ports}, check=True, text=True, stdout=subprocess.PIPE
        )
        yield dict(re.findall(r"export (\w+)=(.*)", started.stdout))
    finally:
        subprocess.run([SCRIPT, "stop", folder], check=False)
        subprocess.run(["rm", "-rf", folder], check=True)


@pytest.fixture(scope="session")
def databases() -> Iterator[Urls]:
    """Both, for as long as the tests run."""
    with databases_on(free_port(), free_port()) as urls:
        yield urls
