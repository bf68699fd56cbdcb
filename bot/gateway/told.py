"""Whom the safe words have gone to while no answer could come: once for each event, and not to one person in a flood.

It remembers so many and lets the oldest go. Kept nowhere: it is needed where the database is down.
"""

import time
from collections.abc import Callable, Hashable

AGAIN_SECONDS, REMEMBERED = 60.0, 10_000


class Told:
    """What one platform's people have been told. `now` gives the time in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.events: dict[Hashable, float] = {}
        self.persons: dict[Hashable, float] = {}

    def is_due(self, event: str, person: Hashable) -> bool:
        """Say whether a person is to be told because of an event, and take it that they are; False from then on."""
        now, known = self.now(), event in self.events
        keep(self.events, event, now)
        if known or now - self.persons.get(person, -AGAIN_SECONDS) < AGAIN_SECONDS:
            return False
        keep(self.persons, person, now)
        return True


def keep(memory: dict[Hashable, float], which: Hashable, at: float) -> None:
    """Remember one, as the newest of so many."""
    memory.pop(which, None)
    memory[which] = at
    if len(memory) > REMEMBERED:
        del memory[next(iter(memory))]
