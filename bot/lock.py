"""One turn at a time in each conversation, over all Rasa processes that share a Redis: first come, first served.

Rasa's own RedisLockStore reads, changes and writes a lock in three steps, so two processes lose each other's tickets.
Here each step is one script inside Redis. A ticket is held on a lease: a thread renews it while its turn runs, and a
killed process's tickets are gone when their lease is over. Runs inside Rasa; it never reads what a conversation says.
"""

import asyncio
import logging
import threading
import time
import uuid
from contextlib import asynccontextmanager
from typing import AsyncGenerator, Dict, Tuple

import redis
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore
from rasa.utils.endpoints import EndpointConfig

LEASE = 3.0
RENEWED_EVERY = 0.75
LONGEST_WAIT = 25.0  # a turn's own limit is 30 seconds: who waits hears of it before
POLL, LONGEST_POLL = 0.02, 0.2
SOCKET_SECONDS = 2.0
logger = logging.getLogger(__name__)

# KEYS: the queue (ticket by number), the leases (ticket by its end). Redis's clock counts, not that of any process.
DROP_DEAD = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  redis.call('ZREM', KEYS[1], dead)
  redis.call('ZREM', KEYS[2], dead)
end
local function hold(ticket, lease)
  redis.call('ZADD', KEYS[2], now + lease, ticket)
  redis.call('PEXPIRE', KEYS[1], lease * 2)
  redis.call('PEXPIRE', KEYS[2], lease * 2)
end
"""
JOIN = (
    DROP_DEAD
    + """
local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
redis.call('ZADD', KEYS[1], (last[2] or 0) + 1, ARGV[1])
hold(ARGV[1], ARGV[2])
return redis.call('ZRANK', KEYS[1], ARGV[1])
"""
)
HOLD = (
    DROP_DEAD
    + """
local rank = redis.call('ZRANK', KEYS[1], ARGV[1])
if not rank then return -1 end
hold(ARGV[1], ARGV[2])
return rank
"""
)
LEAVE = "redis.call('ZREM', KEYS[2], ARGV[1]); return redis.call('ZREM', KEYS[1], ARGV[1])"
SCRIPTS = {"join": JOIN, "hold": HOLD, "leave": LEAVE}


class RedisLocks(LockStore):
    """Rasa's lock store: `lock_store: {type: bot.lock.RedisLocks, url: redis://...}` in the endpoints."""

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        super().__init__()
        self.prefix = endpoint_config.kwargs.get("prefix", "whatnow:turn")
        self.longest_wait = float(endpoint_config.kwargs.get("longest_wait", LONGEST_WAIT))
        self.redis = redis.Redis.from_url(
            endpoint_config.url, socket_timeout=SOCKET_SECONDS, socket_connect_timeout=SOCKET_SECONDS
        )
        self.scripts = {name: self.redis.register_script(text) for name, text in SCRIPTS.items()}
        self.held: Dict[str, Tuple[str, float]] = {}  # ticket: conversation, until when it may be renewed
        threading.Thread(target=self.keep_renewing, daemon=True).start()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME
    ) -> AsyncGenerator[TicketLock, None]:
        """Wait for this conversation's turn, and hold it, no longer than its lifetime.

        Raises:
            LockError: the wait was too long, or Redis is not there.
        """
        ticket = uuid.uuid4().hex
        try:
            await self.wait(conversation_id, ticket)
            self.held[ticket] = conversation_id, time.monotonic() + lock_lifetime
            yield self.create_lock(conversation_id)
        finally:
            began = self.held.pop(ticket, None)
            await asyncio.shield(self.leave(conversation_id, ticket, began=began is not None))

    async def wait(self, conversation: str, ticket: str) -> None:
        """Join the queue and wait until this ticket is its first; asking anew renews the lease as well."""
        until = time.monotonic() + self.longest_wait
        rank = await self.ask("join", conversation, ticket)
        while rank != 0:
            if time.monotonic() > until:
                raise LockError(f"no turn within {self.longest_wait:.0f} seconds in conversation {conversation}")
            await asyncio.sleep(min(POLL * max(rank, 1), LONGEST_POLL))
            rank = await self.ask("hold", conversation, ticket)
            if rank < 0:  # this process stood still for longer than the lease: at the end of the queue again
                rank = await self.ask("join", conversation, ticket)

    async def leave(self, conversation: str, ticket: str, *, began: bool) -> None:
        """Give the turn to the next; where Redis is gone the lease ends by itself."""
        try:
            if not await self.ask("leave", conversation, ticket) and began:
                logger.warning("a turn went on for longer than its lock was held")
        except LockError:
            logger.warning("a lock could not be given back; its lease will end")

    async def ask(self, step: str, conversation: str, ticket: str) -> int:
        """Run a step inside Redis, beside the loop.

        Raises:
            LockError: Redis is not there.
        """
        try:
            return await asyncio.to_thread(self.run, step, conversation, ticket)
        except redis.RedisError as error:
            raise LockError(f"the lock store does not answer: {error}") from error

    def run(self, step: str, conversation: str, ticket: str) -> int:
        """Run a step inside Redis."""
        keys = [f"{self.prefix}:{{{conversation}}}:{part}" for part in ("queue", "leases")]
        return int(self.scripts[step](keys=keys, args=[ticket, int(LEASE * 1000)]))

    def keep_renewing(self) -> None:
        """Renew, for ever, the leases of the turns that run in this process: a busy loop must not lose them."""
        while True:
            time.sleep(RENEWED_EVERY)
            for ticket, (conversation, until) in list(self.held.items()):
                if time.monotonic() < until:
                    self.renew(conversation, ticket)

    def renew(self, conversation: str, ticket: str) -> None:
        """Renew one lease."""
        try:
            self.run("hold", conversation, ticket)
        except redis.RedisError as error:
            logger.warning("a lease could not be renewed: %s", error)
