"""How much one conversation and one address may send: a moving window, by the library `limits`."""

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.gateway.refusal import Refusal
from bot.settings import Settings


class Limits:
    """The limits of one gateway, counted in its own memory: a hit costs microseconds, so nobody waits for it."""

    def __init__(self, settings: Settings) -> None:
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
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
        if not self.limiter.hit(limit, kind, whose):
            raise Refusal("too_many", seconds=limit.get_expiry())
