"""Send to Teams through Microsoft's connector: with our token, to the service that wrote to us, again where it asks.

It draws nothing and decides nothing; where nobody can be reached it says so.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeVar

import aiohttp
from microsoft_agents.activity import Activity, ChannelAccount, ConversationParameters
from microsoft_agents.authentication.msal import MsalConnectionManager
from microsoft_agents.hosting.core import RestChannelServiceClientFactory
from microsoft_agents.hosting.core.authorization import AuthenticationConstants, ClaimsIdentity
from microsoft_agents.hosting.core.connector import ConnectorClientBase
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from bot.gateway.teams_token import Tokens
from bot.gateway.worker import Undelivered

TRIES, LONGEST_WAIT = 5, 30.0
HOPELESS = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
AGAIN = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.PRECONDITION_FAILED}
Card = dict[str, Any]
Done = TypeVar("Done")


class Unreachable(Exception):
    """The person has not installed Whatnow, has blocked it, or the conversation is gone."""


class Sender:
    """Sends as one bot."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens, connection = tokens, {"SERVICE_CONNECTION": tokens.configuration}
        self.factory = RestChannelServiceClientFactory(MsalConnectionManager(connections_configurations=connection))
        claims = {AuthenticationConstants.AUDIENCE_CLAIM: tokens.app, AuthenticationConstants.APP_ID_CLAIM: tokens.app}
        self.identity = ClaimsIdentity() if tokens.anonymous else ClaimsIdentity(claims)

    async def send(self, service: str, conversation: str, activity: dict[str, Any]) -> None:
        """Send one activity to a conversation.

        Raises:
            Unreachable: there is no way to it.
            Undelivered: the service is down, or asks for patience for too long.
        """
        said = Activity.model_validate({**activity, "channelId": "msteams", "conversation": {"id": conversation}})

        async def sending(client: ConnectorClientBase) -> None:
            await client.conversations.send_to_conversation(conversation, said)

        await self.often(service, sending)

    async def personal(self, service: str, tenant: str, bot: str, person: str) -> str:
        """Return the id of a person's own chat with us, opened where there is none.

        Raises:
            Unreachable: they have not installed Whatnow.
            Undelivered: the service is down, or asks for patience for too long.
        """
        who = ConversationParameters(
            is_group=False,
            bot=ChannelAccount(id=bot),
            members=[ChannelAccount(id=person)],
            tenant_id=tenant,
            channel_data={"tenant": {"id": tenant}},
        )

        async def opening(client: ConnectorClientBase) -> str:
            return str((await client.conversations.create_conversation(who)).id)

        return await self.often(service, opening)

    async def often(self, service: str, what: Callable[[ConnectorClientBase], Awaitable[Done]]) -> Done:
        """Do something at a service, again where it says so."""
        if not self.tokens.may_answer(service):
            raise Unreachable
        try:
            async for attempt in AsyncRetrying(
                retry=retry_if_exception(is_passing), wait=patience, stop=stop_after_attempt(TRIES), reraise=True
            ):
                with attempt:
                    return await self.once(service, what)
        except aiohttp.ClientResponseError as error:
            raise (Unreachable if error.status in HOPELESS else Undelivered) from error
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise Undelivered from error
        raise Undelivered  # never reached: the last attempt returns or raises

    async def once(self, service: str, what: Callable[[ConnectorClientBase], Awaitable[Done]]) -> Done:
        """Do something at a service, once."""
        client = await self.factory.create_connector_client(
            None,
            self.identity,
            service,
            AuthenticationConstants.AGENTS_SDK_SCOPE,
            use_anonymous=self.tokens.anonymous,
        )
        try:
            return await what(client)
        finally:
            await client.close()


def is_passing(error: BaseException) -> bool:
    """Say whether a fault may pass by itself."""
    if isinstance(error, aiohttp.ClientResponseError):
        return error.status in AGAIN or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return isinstance(error, (aiohttp.ClientError, TimeoutError))


def patience(state: RetryCallState) -> float:
    """Return how long to wait: as long as the service asks, else longer each time."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, aiohttp.ClientResponseError) and error.headers:
        asked = error.headers.get("Retry-After", "")
        if asked.isdigit():
            return min(float(asked), LONGEST_WAIT)
    return wait_exponential_jitter(0.5, LONGEST_WAIT)(state)
