"""The one secret of an installation, and what is derived from it. Made at the first start; never logged, never sent.

Sessions are signed with it (gateway/sessions.py); Rasa's private line asks for a word derived from it.
"""

import base64
import hmac
import secrets
from pathlib import Path

LENGTH = 32


def load_secret(folder: Path) -> bytes:
    """Return the installation's secret, made where there is none; readable by its owner only."""
    path = folder / "secret"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"secret.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(LENGTH))
        try:
            path.hardlink_to(fresh)  # the first of two starters wins, and no one reads half a secret
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


def line_word(secret: bytes) -> str:
    """Return the word that the gateway says to Rasa on their private line."""
    return hmac.new(secret, b"the line between gateway and Rasa", "sha256").hexdigest()


def inbox_key(secret: bytes) -> bytes:
    """Return the key that what a chat platform handed over is locked with until it is answered."""
    return base64.urlsafe_b64encode(hmac.new(secret, b"the inbox of the gateway", "sha256").digest())
