"""A small Teams-shaped service for tests: it signs tokens with a key of its own, serves the key, and takes answers."""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

APP, TENANT = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-aaaaaaaaaaaa"
BOT, USER, OBJECT = "28:bot", "29:user", "bbbbbbbb-cccc-dddd-eeee-ffffffffffff"
PERSONAL, ROOM, KEY_ID = "a:personal", "19:room@thread.tacv2", "the-key"
ISSUER, SERVICE = "https://api.botframework.com", "https://smba.trafficmanager.net/uk/"
NUMBERS = itertools.count(1)


class TeamsServer:
    """Teams as the gateway sees it: `posted` holds what was sent, `refuse` how often it asks for patience."""

    def __init__(self, port: int) -> None:
        """Begin with nothing said."""
        self.port, self.posted, self.refuse, self.typing, self.closed = port, [], [], 0, False
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.app = Starlette(
            routes=[
                Route("/keys", self.keys),
                Route("/v3/conversations", self.open, methods=["POST"]),
                Route("/v3/conversations/{place}/activities", self.take, methods=["POST"]),
            ]
        )

    @property
    def url(self) -> str:
        """Its address as a service."""
        return f"http://127.0.0.1:{self.port}/"

    async def keys(self, _: Request) -> Response:
        """Serve the public key."""
        return JSONResponse({"keys": [{**RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True), "kid": KEY_ID}]})

    async def open(self, request: Request) -> Response:
        """Open somebody's own chat, where they have installed the app."""
        body = await request.json()
        if self.closed:
            return JSONResponse({"error": {"code": "ForbiddenOperationException"}}, 403)
        return JSONResponse({"id": f"a:{body['members'][0]['id']}"}, 201)

    async def take(self, request: Request) -> Response:
        """Take one activity."""
        body = await request.json()
        if body["type"] == "typing":
            self.typing += 1
        elif self.refuse:
            return JSONResponse({}, self.refuse.pop(), {"Retry-After": "1"})
        else:
            self.posted.append({"place": request.path_params["place"], **body})
        return JSONResponse({"id": str(time.time())}, 201)

    def wait(self, count: int, seconds: float = 20) -> list[dict[str, Any]]:
        """Return what was posted, once there is so much."""
        until = time.monotonic() + seconds
        while len(self.posted) < count and time.monotonic() < until:
            time.sleep(0.02)
        return list(self.posted)

    def token(self, *, header: dict[str, Any] | None = None, key: Any = None, **claims: Any) -> str:
        """Return a token as the Bot Framework signs them; a claim that is None is left out."""
        usual = {"iss": ISSUER, "aud": APP, "exp": time.time() + 3600, "nbf": time.time() - 60, "serviceurl": SERVICE}
        said = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        head = {name: value for name, value in {"kid": KEY_ID, **(header or {})}.items() if value is not None}
        signing = self.key if key is None else key
        return jwt.encode(said, signing, algorithm=head.pop("alg", "RS256"), headers=head)


@contextmanager
def teams_server(port: int) -> Iterator[TeamsServer]:
    """Serve it."""
    teams = TeamsServer(port)
    with serving(teams.app, port):
        yield teams


@contextmanager
def serving(app: Starlette, port: int) -> Iterator[None]:
    """Serve an application in a thread."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield
    server.should_exit = True
    thread.join(10)


def activity(text: str = "", *, service: str = SERVICE, tenant: str = TENANT, **inside: Any) -> dict[str, Any]:
    """Return a message to the bot's own chat as Teams sends it."""
    return {
        "type": "message",
        "id": f"activity-{next(NUMBERS)}",
        "channelId": "msteams",
        "serviceUrl": service,
        "from": {"id": USER, "name": "Jo Bloggs", "aadObjectId": OBJECT},
        "recipient": {"id": BOT, "name": "Whatnow"},
        "conversation": {"id": PERSONAL, "conversationType": "personal", "tenantId": tenant},
        "channelData": {"tenant": {"id": tenant}},
        "text": text,
        **inside,
    }


def send(url: str, body: Any, token: str | None = None) -> httpx.Response:
    """Post something to the bot's address."""
    bearer = {"Authorization": f"Bearer {token}"} if token is not None else {}
    headers = {"Content-Type": "application/json", **bearer}
    return httpx.post(f"{url}/api/messages", content=json.dumps(body), headers=headers, timeout=30)
