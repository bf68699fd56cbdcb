"""What whoever runs Whatnow can set, from the environment (WHATNOW_...): ports, who may embed it, limits.

Rasa and the action server always listen on 127.0.0.1: their address is not a setting. Only the gateway's is.
"""

from pathlib import Path
from typing import Annotated, Tuple

from pydantic import AnyHttpUrl, Field, TypeAdapter, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROJECT = Path(__file__).parent.parent
LOOPBACK = ("127.0.0.1", "::1", "localhost")
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
    turn_seconds: Annotated[float, Field(gt=0)] = 2.8
    slow_seconds: Annotated[float, Field(gt=0)] = 10
    longest_text: int = 4000
    longest_body: int = 64_000
    each_conversation: str = "10 per 10 seconds"
    each_address: str = "300 per 10 seconds"
    slack_signing_secret: str = ""
    slack_bot_token: str = ""
    slack_api: str = "https://slack.com/api/"
    teams_app_id: str = ""
    teams_tenant: str = ""
    teams_secret: str = ""
    teams_anonymous: bool = False
    reminders: bool = True
    metrics_word: str = ""
    state: Path = PROJECT / ".state"
    database_url: str = ""
    tracker_url: str = ""
    redis_url: str = ""
    keep_hours: Annotated[float, Field(gt=0)] = 24

    @field_validator("teams_app_id", "teams_tenant")
    @classmethod
    def lower(cls, value: str) -> str:
        """Read an id as tokens hold it, whatever way it was copied."""
        return value.strip().lower()

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

    @model_validator(mode="after")
    def refuse_open_teams(self) -> "Settings":
        """Refuse to take Teams' requests without proof from beyond this machine, and to take them half set up.

        Raises:
            ValueError: one of these.
        """
        if self.teams_anonymous and self.host not in LOOPBACK:
            raise ValueError(
                "WHATNOW_TEAMS_ANONYMOUS is for a trial on one machine: it needs WHATNOW_HOST=127.0.0.1. "
                "Anybody could speak as anybody otherwise."
            )
        said = [bool(each) for each in (self.teams_app_id, self.teams_tenant, self.teams_secret)]
        if any(said) and not all(said):
            raise ValueError("Teams needs all of WHATNOW_TEAMS_APP_ID, WHATNOW_TEAMS_TENANT and WHATNOW_TEAMS_SECRET.")
        return self

    @property
    def slack(self) -> bool:
        """Whether the Slack channel is there."""
        return bool(self.slack_signing_secret and self.slack_bot_token)

    @property
    def teams(self) -> bool:
        """Whether the Teams channel is there."""
        return bool(self.teams_app_id) or self.teams_anonymous

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
        return f"{self.actions_home}health"

    @property
    def actions_home(self) -> str:
        """Where the gateway asks the action server who stands where in training."""
        return f"http://127.0.0.1:{self.actions_port}/"

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
