"""Where the parts listen: ports on 127.0.0.1, from the environment. The address itself is not a setting."""

import os
from typing import NamedTuple


class Settings(NamedTuple):
    """The ports of both processes."""

    rasa_port: int = 5005
    actions_port: int = 5055

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read WHATNOW_RASA_PORT and WHATNOW_ACTIONS_PORT."""
        rasa, actions = os.environ.get("WHATNOW_RASA_PORT"), os.environ.get("WHATNOW_ACTIONS_PORT")
        return cls(int(rasa or cls().rasa_port), int(actions or cls().actions_port))

    @property
    def rasa_url(self) -> str:
        """The address at which Rasa says that it is there."""
        return f"http://127.0.0.1:{self.rasa_port}/webhooks/rest/"

    @property
    def webhook(self) -> str:
        """The address to post messages to."""
        return f"{self.rasa_url}webhook"
