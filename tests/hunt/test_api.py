"""The web API against its own description (docs/openapi.yml), whatever schemathesis makes of that."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.routing import Route

from bot.gateway.app import build_app
from bot.servers import apart, gateway
from bot.settings import Settings
from tests.bot.web_client import WebClient
from tests.conftest import PROJECT

API = schemathesis.openapi.from_path(PROJECT / "docs" / "openapi.yml")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def web(server: Settings, tmp_path_factory) -> WebClient:
    """A conversation on a gateway that is in no hurry, in front of the real servers."""
    folder, free = tmp_path_factory.mktemp("api"), "1000000 per second"
    (folder / "secret").write_bytes((server.state / "secret").read_bytes())
    behind = {"rasa_port": server.rasa_port, "actions_port": server.actions_port}
    settings = apart(folder, each_address=free, each_conversation=free).model_copy(update=behind)
    with gateway(settings):
        yield WebClient(settings)


@pytest.mark.server
@API.parametrize()
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_the_description_says(case: schemathesis.Case, web: WebClient) -> None:
    token = web.http.post("/api/session", json={}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"} if case.path.startswith("/api/") else {}

    case.call_and_validate(base_url=str(web.http.base_url), headers=headers, checks=CHECKS)


def test_every_address_of_the_web_is_described(tmp_path) -> None:
    routes = {each.path for each in build_app(Settings(state=tmp_path)).routes if isinstance(each, Route)}
    described = {operation.ok().path for operation in API.get_all_operations()}

    assert routes - described == set()
