"""What whoever runs Whatnow can set, from the environment (WHATNOW_...): ports, who may embed it, limits.

Rasa and the action server always listen on 127.0.0.1: their address is not a setting. Only the gateway's is.
"""

from pathlib import Path
from typing import Annotated, Tuple

from pydantic import AnyHttpUrl, Field, TypeAdapter, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROJECT = Path(__file__).parent.parent
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """Every setting with its default; each is read from WHATNOW_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="WHATNOW_", frozen=True)

    rasa_port: Port = 5005
    actions_port: Port = 5055
    port: Port = 8080
    host: str = "127.0.0.1"
    origins: Annotated[Tuple[str, ...], NoDecode] = ()
    school_name: str = ""
    home: str = ""
    session_hours: Annotated[float, Field(gt=0)] = 12
    turn_seconds: Annotated[float, Field(gt=0)] = 10
    slow_seconds: Annotated[float, Field(gt=0)] = 10
    longest_text: int = 4000
    longest_body: int = 64_000
    each_conversation: str = "10 per 10 seconds"
    each_address: str = "300 per 10 seconds"
    slack_signing_secret: str = ""
    slack_bot_token: str = ""
    slack_api: str = "https://slack.com/api/"
    state: Path = PROJECT / ".state"
    database_url: str = ""

    @field_validator("origins", mode="before")
    @classmethod
    def read_origins(cls, value: object) -> object:
        """Read a comma-separated list of web origins; each is checked, since it goes into a security header.

        Raises:
            ValueError: one is not an origin such as https://intranet.school.uk.
        """
        if not isinstance(value, str):
            return value
        return tuple(origin(each.strip()) for each in value.split(",") if each.strip())

    @property
    def rasa_url(self) -> str:
        """The address at which Rasa says that it is there."""
        return f"http://127.0.0.1:{self.rasa_port}/webhooks/rest/"

    @property
    def webhook(self) -> str:
        """The address to post typed messages to, on this machine only."""
        return f"{self.rasa_url}webhook"

    @property
    def line_url(self) -> str:
        """The gateway's private line into Rasa."""
        return f"http://127.0.0.1:{self.rasa_port}/webhooks/line/"

    @property
    def actions_url(self) -> str:
        """The address at which the action server says that it is there."""
        return f"http://127.0.0.1:{self.actions_port}/health"

    @property
    def gateway_url(self) -> str:
        """The gateway's address as seen from this machine."""
        reached = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104  (only compared)
        return f"http://{reached}:{self.port}"

    @property
    def database(self) -> str:
        """Where the gateway keeps what it must not forget over a restart, as an SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.state / 'gateway.db'}"


def origin(text: str) -> str:
    """Return a web origin as browsers write it: scheme, host, and the port where it is not the usual one.

    Raises:
        ValueError: it is none.
    """
    url = TypeAdapter(AnyHttpUrl).validate_python(text)
    if (url.path or "/") != "/" or url.query or url.fragment or url.username:
        raise ValueError(f"{text!r} is not an origin: give scheme and host only, such as https://intranet.school.uk")
    usual = {"http": 80, "https": 443}[url.scheme]
    return f"{url.scheme}://{url.host}" + ("" if url.port in (usual, None) else f":{url.port}")
