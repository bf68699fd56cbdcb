"""Ten waiters in this process and ten in another come by turns; each says when it came and when it was served.

On Rasa's Python. Arguments: the Redis URL, and 0 or 1: which process comes first. Nobody is served before all are
there.
"""

import asyncio
import sys

import redis
from rasa.utils.endpoints import EndpointConfig

from bot.lock import RedisLocks

url, which = sys.argv[1], int(sys.argv[2])
EACH = 10
seen, locks = redis.Redis.from_url(url), RedisLocks(EndpointConfig(url=url))


async def until_came(count: int) -> None:
    """Wait until so many have come."""
    while seen.llen("came") < count:  # noqa: ASYNC110  (it is in Redis)
        await asyncio.sleep(0.01)


async def take(name: str) -> None:
    """Wait for the lock; say when it is had."""
    async with locks.lock("one"):
        await until_came(2 * EACH)
        seen.rpush("served", name)


async def main() -> None:
    """Come, each after one of the other process."""
    tasks = []
    for n in range(which, 2 * EACH, 2):
        await until_came(n)
        tasks.append(asyncio.create_task(take(str(n))))
        while seen.zcard("whatnow:turn:{one}:queue") <= n:  # noqa: ASYNC110  (it is in Redis)
            await asyncio.sleep(0.01)
        seen.rpush("came", str(n))
    await asyncio.gather(*tasks)


asyncio.run(main())
