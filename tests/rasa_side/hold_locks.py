"""Take a lock many times and raise a number in Redis under it, read and written apart. On Rasa's Python, twice at once.

Arguments: ours or stock, the Redis URL, how often.
"""

import asyncio
import sys

import redis
from rasa.core.lock_store import LockError, LockStore, RedisLockStore
from rasa.utils.endpoints import EndpointConfig

from bot.lock import RedisLocks

kind, url, often = sys.argv[1], sys.argv[2], int(sys.argv[3])
number = redis.Redis.from_url(url)


def store() -> LockStore:
    """Return the lock store that is asked for."""
    if kind == "ours":
        return RedisLocks(EndpointConfig(url=url))
    found = number.connection_pool.connection_kwargs
    return RedisLockStore(found["host"], found["port"], found["db"], password=found["password"])


async def raise_under(locks: LockStore) -> None:
    """Raise the number under the lock."""
    async with locks.lock("one") if kind == "ours" else locks.lock("one", wait_time_in_seconds=0.01):
        before = int(number.get("number") or 0)
        await asyncio.sleep(0.001)
        number.set("number", before + 1)


async def main() -> None:
    """Wait for the other process, then raise as often as is asked, up to the first lock that cannot be had."""
    locks = store()
    number.incr("there")
    while int(number.get("there")) < 2:  # noqa: ASYNC110  (it is in Redis)
        await asyncio.sleep(0.01)
    try:
        for _ in range(often):
            await asyncio.wait_for(raise_under(locks), 5)
    except (LockError, asyncio.TimeoutError):  # noqa: UP041  (on Python 3.10 they differ)
        sys.exit("a lock could not be had")


asyncio.run(main())
