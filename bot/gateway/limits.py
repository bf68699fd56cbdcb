"""How much one conversation and one address may send: a moving window, by the library `limits`."""

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from bot.gateway.refusal import Refusal
from bot.settings import Settings


class Limits:
    """The limits of one gateway."""

    def __init__(self, settings: Settings) -> None:
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
        self.conversation, self.address = parse(settings.each_conversation), parse(settings.each_address)

    async def note_conversation(self, conversation: str) -> None:
        """Count one message of a conversation.

        Raises:
            Refusal: there were too many.
        """
        if not await self.limiter.hit(self.conversation, "conversation", conversation):
            raise Refusal("too_many", seconds=self.conversation.get_expiry())

    async def note_address(self, address: str) -> None:
        """Count one request of an address (a whole school may share one).

        Raises:
            Refusal: there were too many.
        """
        if not await self.limiter.hit(self.address, "address", address):
            raise Refusal("too_many", seconds=self.address.get_expiry())
