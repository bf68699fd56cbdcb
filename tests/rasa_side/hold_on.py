"""Hold a lock while the loop stands still for some seconds; write down when it was had and left. On Rasa's Python.

Arguments: the Redis URL, a name, the seconds, and how many it waits for it at most.
"""

import asyncio
import sys
import time

import redis
from rasa.utils.endpoints import EndpointConfig

from bot.lock import RedisLocks

url, name, seconds, longest = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])


async def main() -> None:
    """Hold the lock."""
    async with RedisLocks(EndpointConfig(url=url, longest_wait=longest)).lock("one"):
        redis.Redis.from_url(url).rpush("seen", f"{name} has it")
        time.sleep(seconds)  # noqa: ASYNC251  (the loop stands still, as in a turn that computes)
        redis.Redis.from_url(url).rpush("seen", f"{name} leaves it")


asyncio.run(main())
