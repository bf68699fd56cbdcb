"""Build the engine once for the whole action server (Rasa constructs actions with no arguments)."""

from functools import cache

from knowledge.engine import Engine, load_engine


@cache
def engine() -> Engine:
    """Return the one engine of this process."""
    return load_engine()
