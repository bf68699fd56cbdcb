"""Who is taken for Teams: every forged request is refused, each for what is wrong with it, and leaves nothing."""

import time

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from microsoft_agents.hosting.core.authorization._entra_issuers import BOTFRAMEWORK_JWKS_URIS
from pydantic import ValidationError
from sqlalchemy import create_engine, text

from bot.gateway.app import build_app
from bot.settings import Settings
from tests.bot.teams_server import APP, ISSUER, SERVICE, TENANT, TeamsServer, activity, send, serving, teams_server
from tests.conftest import free_port, free_settings

OTHER = "99999999-0000-0000-0000-000000000000"
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FORGED = {
    "no token": (None, "missing"),
    "another bot's": ({"aud": OTHER}, "audience"),
    "several audiences": ({"aud": [APP, OTHER]}, "audience"),
    "another issuer's": ({"iss": "https://evil.example"}, "issuer"),
    "another tenant's own issuer": ({"iss": f"https://sts.windows.net/{OTHER}/"}, "issuer"),
    "no issuer": ({"iss": None}, "issuer"),
    "expired": ({"exp": time.time() - 3600}, "expired"),
    "no expiry": ({"exp": None}, "expiry"),
    "not valid yet": ({"nbf": time.time() + 3600}, "early"),
    "HS256 with a secret": ({"header": {"alg": "HS256"}, "key": "a secret of thirty-two characters"}, "algorithm"),
    "none": ({"header": {"alg": "none"}, "key": ""}, "algorithm"),
    "no key named": ({"header": {"kid": None}}, "algorithm"),
    "a key that nobody knows": ({"header": {"kid": "other"}}, "signature"),
    "a stranger's signature": ({"key": STRANGER}, "signature"),
    "no service": ({"serviceurl": None}, "service"),
    "another service": ({"serviceurl": "https://smba.trafficmanager.net/us/"}, "service"),
}


@pytest.fixture(scope="module")
def teams_and_url(tmp_path_factory):
    """A key server, and a gateway that knows it as the Bot Framework's; nothing stands behind the gateway."""
    own = {"teams_app_id": APP, "teams_tenant": TENANT, "teams_secret": "s", "reminders": False}
    settings = free_settings(tmp_path_factory.mktemp("teams"), **own)
    with pytest.MonkeyPatch.context() as patch, teams_server(free_port()) as teams:
        patch.setitem(BOTFRAMEWORK_JWKS_URIS, ISSUER, f"{teams.url}keys")
        with serving(build_app(settings), settings.port):
            yield teams, settings


@pytest.fixture
def teams(teams_and_url) -> TeamsServer:
    """The key server."""
    return teams_and_url[0]


@pytest.fixture
def settings(teams_and_url) -> Settings:
    """The gateway's settings."""
    return teams_and_url[1]


def kept(settings: Settings) -> int:
    """Return how many events the gateway has kept."""
    with create_engine(settings.database).connect() as open_:
        return open_.execute(text("select count(*) from inbox")).scalar_one()


def test_what_the_bot_framework_signed_is_taken(teams: TeamsServer, settings: Settings) -> None:
    before = kept(settings)

    assert send(settings.gateway_url, activity("hello"), teams.token()).status_code == 202
    assert kept(settings) == before + 1


@pytest.mark.parametrize("what", FORGED)
def test_what_is_forged_is_refused_for_what_is_wrong_with_it(what: str, teams: TeamsServer, settings: Settings) -> None:
    how, reason = FORGED[what]
    before = kept(settings)
    answer = send(settings.gateway_url, activity("hello"), None if how is None else teams.token(**how))

    assert (answer.status_code, answer.json().get("reason")) == (401, reason)
    assert kept(settings) == before


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "." * 5000], ids=lambda each: each[:5])
def test_what_is_no_token_is_refused(token: str, settings: Settings) -> None:
    headers = {"Authorization": f"Bearer {token}".encode()}
    answer = httpx.post(f"{settings.gateway_url}/api/messages", json=activity("hello"), headers=headers)

    assert answer.status_code == 401


@pytest.mark.parametrize("service", ["https://evil.example/", "https://smba.trafficmanager.net.evil.example/"])
def test_a_service_that_is_not_microsoft_s_is_refused(service: str, teams: TeamsServer, settings: Settings) -> None:
    answer = send(settings.gateway_url, activity("hello", service=service), teams.token(serviceurl=service))

    assert (answer.status_code, answer.json()["reason"]) == (401, "host")


def test_another_tenant_is_refused(teams: TeamsServer, settings: Settings) -> None:
    answer = send(settings.gateway_url, activity("hello", tenant=OTHER), teams.token())

    assert (answer.status_code, answer.json()["reason"]) == (401, "tenant")


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"type": "message"},
        {**activity("x"), "conversation": None},
        {**activity("x"), "id": 7},
        {**activity("x"), "from": {}},
        {**activity("x"), "serviceUrl": ""},
        {**activity("x"), "text": "half a character \ud800"},
        {**activity("x"), "channelId": {"a": 1}},
        {**activity("x"), "entities": "none"},
    ],
    ids=str,
)
def test_what_is_no_activity_is_refused_in_words(body, teams: TeamsServer, settings: Settings) -> None:
    answer = send(settings.gateway_url, body, teams.token())

    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")


def test_anonymous_is_refused_beyond_this_machine() -> None:
    with pytest.raises(ValidationError, match="WHATNOW_HOST="):
        Settings(teams_anonymous=True, host="0.0.0.0")  # noqa: S104  (refused)


def test_half_a_set_up_is_refused() -> None:
    with pytest.raises(ValidationError, match="Teams needs all of"):
        Settings(teams_app_id=APP)


def test_anonymous_is_not_the_default(settings: Settings) -> None:
    assert settings.teams_anonymous is False
    assert send(settings.gateway_url, activity("hello", service=SERVICE)).status_code == 401
