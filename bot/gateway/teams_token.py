"""Is a request really from Teams, meant for us, for our tenant, and may its answer go where it says?

Microsoft's validator checks signature, audience and issuer, with what is off by default turned on; what it leaves out
(no expiry at all, an algorithm of the sender's choice, the whole service URL, the tenant) is checked here. It reads no
message.
"""

from collections.abc import Mapping
from typing import Any

import jwt
from microsoft_agents.activity import Activity
from microsoft_agents.hosting.core import AgentAuthConfiguration, OutboundHostValidator
from microsoft_agents.hosting.core.authorization import AuthenticationConstants, JwtTokenValidator

from bot.gateway.refusal import Down
from bot.settings import Settings

ALGORITHM = "RS256"


class Forged(Exception):
    """A request that is not taken; `reason` is one word for what is wrong with it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Tokens:
    """Checks requests for one bot of one tenant."""

    def __init__(self, settings: Settings) -> None:
        self.anonymous, self.app, self.tenant = settings.teams_anonymous, settings.teams_app_id, settings.teams_tenant
        self.configuration = AgentAuthConfiguration(
            client_id=self.app,
            tenant_id=self.tenant,
            client_secret=settings.teams_secret,
            connection_name="SERVICE_CONNECTION",
            issuers=[AuthenticationConstants.AGENTS_SDK_TOKEN_ISSUER],
            validate_issuer=True,
        )
        self.validator = JwtTokenValidator(self.configuration)
        self.hosts = OutboundHostValidator(enabled=True)

    async def check(self, header: str, activity: Activity) -> None:
        """Make sure that an activity may be taken.

        Raises:
            Forged: it may not.
            Down: the keys of the Bot Framework cannot be fetched just now.
        """
        if self.anonymous and not header:
            return
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Forged("missing")
        self.look(token)
        claims = await self.verified(token)
        self.match(claims, activity)

    def look(self, token: str) -> None:
        """Refuse what can be told without a key, so that no key is fetched for it."""
        try:
            header = jwt.get_unverified_header(token)
            claims = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError as error:
            raise Forged("malformed") from error
        for reason, right in (
            ("algorithm", header.get("alg") == ALGORITHM and isinstance(header.get("kid"), str)),
            ("issuer", claims.get("iss") in self.configuration.ISSUERS),
            ("audience", claims.get("aud") == self.app),
            ("expiry", "exp" in claims),
        ):
            if not right:
                raise Forged(reason)

    async def verified(self, token: str) -> Mapping[str, Any]:
        """Return a token's claims, once they are proved."""
        try:
            return (await self.validator.validate_token(token)).claims
        except jwt.ExpiredSignatureError as error:
            raise Forged("expired") from error
        except jwt.ImmatureSignatureError as error:
            raise Forged("early") from error
        except jwt.PyJWKClientConnectionError as error:
            raise Down("microsoft") from error
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise Forged("signature") from error

    def match(self, claims: Mapping[str, Any], activity: Activity) -> None:
        """Make sure that claims and activity speak of one service, and of our tenant."""
        said = claims.get("serviceurl") or claims.get("serviceUrl")
        if not said or slashless(str(said)) != slashless(activity.service_url or ""):
            raise Forged("service")
        if not self.may_answer(activity.service_url):
            raise Forged("host")
        if tenant_of(activity) != self.tenant:
            raise Forged("tenant")

    def may_answer(self, url: str) -> bool:
        """Say whether our token may be shown at an address: Microsoft's own only, or this machine in a trial."""
        return self.anonymous or self.hosts.is_allowed(url)


def slashless(url: str) -> str:
    """Return an address so that it can be compared."""
    return url.rstrip("/").casefold()


def tenant_of(activity: Activity) -> str | None:
    """Return the tenant that an activity comes from: as the channel says it, not the conversation alone."""
    data = activity.channel_data if isinstance(activity.channel_data, dict) else {}
    inside = data.get("tenant")
    found = inside.get("id") if isinstance(inside, dict) else None
    return str(found) if found else (activity.conversation.tenant_id if activity.conversation else None)
