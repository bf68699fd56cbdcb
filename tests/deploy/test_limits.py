"""The gateways' limits, counted together in a real Redis, and alone where it is gone."""

from bot.gateway.limits import AGAIN_AFTER, Limits
from bot.gateway.refusal import Refusal
from bot.settings import Settings
from tests.conftest import free_port
from tests.deploy.conftest import Urls


def limits(url: str, now: list[float] | None = None) -> Limits:
    """The limits of one gateway: three messages in a conversation."""
    return Limits(Settings(redis_url=url, each_conversation="3 per minute"), lambda: now[0] if now else 0.0)


def taken(gateway: Limits, conversation: str, times: int) -> int:
    """Return how many of so many messages are taken."""
    for n in range(times):
        try:
            gateway.note_conversation(conversation)
        except Refusal:
            return n
    return times


def test_two_gateways_count_together(databases: Urls) -> None:
    first, second = (limits(databases["WHATNOW_REDIS_URL"]) for _ in range(2))

    assert taken(first, "together", 2) == 2
    assert taken(second, "together", 2) == 1


def test_conversations_are_counted_apart(databases: Urls) -> None:
    gateway = limits(databases["WHATNOW_REDIS_URL"])

    assert taken(gateway, "one", 5) == 3
    assert taken(gateway, "another", 5) == 3


def test_where_redis_was_never_there_a_gateway_counts_alone() -> None:
    assert taken(limits(f"redis://127.0.0.1:{free_port()}/0"), "alone", 5) == 3


def test_where_redis_goes_a_gateway_counts_alone_and_asks_again_later(databases: Urls) -> None:
    now = [0.0]
    gateway = limits(databases["WHATNOW_REDIS_URL"], now)
    there, gateway.shared = gateway.shared, limits(f"redis://127.0.0.1:{free_port()}/0").shared
    assert taken(gateway, "comes back", 5) == 3
    gateway.shared = there

    assert taken(gateway, "comes back", 1) == 0
    now[0] = AGAIN_AFTER
    assert taken(gateway, "comes back", 5) == 3
