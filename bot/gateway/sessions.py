"""Sessions: a random conversation id of 128 bits, made here and bound by signature to an expiring token.

Who holds the token continues the conversation; who knows the id alone cannot. Nothing is stored.
"""

import re
import secrets
import time

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.gateway.refusal import Refusal

BYTES = 16
LONGEST_TOKEN = 400
CONVERSATION = re.compile(r"web-[0-9a-f]{32}")


class Sessions:
    """Issues and reads tokens."""

    def __init__(self, secret: bytes, hours: float) -> None:
        self.seconds = int(hours * 3600)
        self.signer = URLSafeTimedSerializer(secret, salt="a web session")

    def issue(self) -> str:
        """Return the token of a new conversation."""
        return self.renew(f"web-{secrets.token_hex(BYTES)}")

    def renew(self, conversation: str) -> str:
        """Return a fresh token of a conversation that its holder has shown to be theirs."""
        return str(self.signer.dumps(conversation))

    def conversation(self, token: str) -> str:
        """Return the conversation that a token opens.

        Raises:
            Refusal: the token is forged, of another installation, or has expired.
        """
        if len(token) > LONGEST_TOKEN:
            raise Refusal("no_session")
        try:
            found, begun = self.signer.loads(token, return_timestamp=True)
        except BadSignature as error:
            raise Refusal("no_session") from error
        if time.time() - begun.timestamp() > self.seconds:  # of the time to come: our clock was set back since
            raise Refusal("expired")
        if not isinstance(found, str) or not CONVERSATION.fullmatch(found):
            raise Refusal("no_session")
        return found
