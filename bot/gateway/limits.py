"""How much one conversation and one address may send: a moving window, by the library `limits`.

Counted in Redis where it is set, so that several gateways count together; where it is gone, or none is set, in this
gateway's own memory. Nobody is refused, and nobody waits, because Redis is gone.
"""

import time
from collections.abc import Callable

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.gateway.refusal import Refusal
from bot.settings import Settings

PATIENCE = 0.1  # seconds: a hit costs Redis a tenth of a millisecond, and the loop stands still meanwhile
AGAIN_AFTER = 5.0


class Limits:
    """The limits of one gateway. `now` gives the time in seconds."""

    def __init__(self, settings: Settings, now: Callable[[], float] = time.monotonic) -> None:
        self.here, self.now = MovingWindowRateLimiter(MemoryStorage()), now
        self.shared = in_redis(settings.redis_url) if settings.redis_url else None
        self.gone_until = 0.0
        self.conversation, self.address = parse(settings.each_conversation), parse(settings.each_address)

    def note_conversation(self, conversation: str) -> None:
        """Count one message of a conversation.

        Raises:
            Refusal: there were too many.
        """
        self.note(self.conversation, "conversation", conversation)

    def note_address(self, address: str) -> None:
        """Count one request of an address (a whole school may share one).

        Raises:
            Refusal: there were too many.
        """
        self.note(self.address, "address", address)

    def note(self, limit: RateLimitItem, kind: str, whose: str) -> None:
        """Count against one limit."""
        if not self.hit(limit, kind, whose):
            raise Refusal("too_many", seconds=limit.get_expiry())

    def hit(self, limit: RateLimitItem, kind: str, whose: str) -> bool:
        """Count one; say whether it is within the limit. Redis is asked again some seconds after it was gone."""
        if self.shared and self.now() >= self.gone_until:
            try:
                return self.shared.hit(limit, kind, whose)
            except StorageError:
                self.gone_until = self.now() + AGAIN_AFTER
        return self.here.hit(limit, kind, whose)


def in_redis(url: str) -> MovingWindowRateLimiter:
    """Return a limiter that counts in Redis, and gives it up soon where it does not answer."""
    pool = ConnectionPool.from_url(
        url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
    )
    storage = RedisStorage(url, connection_pool=pool, key_prefix="whatnow:limit", wrap_exceptions=True)
    return MovingWindowRateLimiter(storage)
