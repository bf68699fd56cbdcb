"""`make fuzz`: bytes that reach ever more of the readers' code, by atheris; each must be read or refused in words.

What libFuzzer takes may be said behind it: `python -m bot.fuzz -max_total_time=60`. A crash ends it with code 77 and is
written into the folder .fuzz/. No server is started.
"""

import asyncio
import json
import sys
from typing import Any, Callable, Dict, List, Tuple

import atheris

from bot.settings import PROJECT, Settings

with atheris.instrument_imports(include=["bot.gateway", "bot.masking"]):
    from starlette.requests import Request

    from bot.gateway import slack_read, teams
    from bot.gateway.body import read_object, refuse_foreign
    from bot.gateway.refusal import Refusal
    from bot.gateway.sessions import Sessions
    from bot.gateway.web import Sent, bearer
    from bot.masking.mask import mask

FOUND = PROJECT / ".fuzz"
LOOP, SESSIONS = asyncio.new_event_loop(), Sessions(b"a secret of thirty-two characters", 1)
JSON, LONGEST = b"application/json", 64_000


def request(body: bytes, headers: Dict[bytes, bytes]) -> Request:
    """Return a request as the server hands it over."""
    parts: List[Dict[str, Any]] = [{"type": "http.request", "body": body}]

    async def receive() -> Dict[str, Any]:
        return parts.pop() if parts else {"type": "http.disconnect"}

    return Request({"type": "http", "method": "POST", "path": "/", "headers": list(headers.items())}, receive)


def body(data: bytes) -> None:
    """Read a body as the web does."""
    found = LOOP.run_until_complete(read_object(request(data, {b"content-type": JSON}), LONGEST, 1))
    json.dumps(found, ensure_ascii=False).encode()


def headers(data: bytes) -> None:
    """Read where a request comes from, and whose it is."""
    origin, _, token = data.partition(b"\0")
    asked = request(b"", {b"origin": origin, b"host": b"x", b"authorization": b"Bearer " + token})
    assert SESSIONS.conversation(bearer(asked)) is None, "a token that nobody issued opens a conversation"
    refuse_foreign(asked)


def activity(data: bytes) -> None:
    """Read what Teams sends."""
    found = json.loads(data)
    if isinstance(found, dict):
        json.dumps(teams.job_of(teams.read(found)))


def slack(data: bytes) -> None:
    """Read what Slack sends, and a text on it."""
    slack_read.as_typed(data.decode(errors="replace"))
    LOOP.run_until_complete(slack_read.read(request(data, {b"content-type": JSON}), 1))


def message(data: bytes) -> None:
    """Read a message of the web, as far as its form."""
    Sent.model_validate(json.loads(data))


def words(data: bytes) -> None:
    """Cover up who is named in a text."""
    text = data.decode(errors="replace")
    assert isinstance(mask(text), str)


READERS: Tuple[Callable[[bytes], None], ...] = (body, headers, activity, slack, message, words)


def one(data: bytes) -> None:
    """Give some bytes to one of the readers, the first byte says which; a refusal, and no JSON, are in order."""
    if not data:
        return
    try:
        READERS[data[0] % len(READERS)](data[1:])
    except (Refusal, ValueError):  # pydantic's and json's own are ValueErrors: the caller refuses for them
        pass
    except RecursionError:
        if READERS[data[0] % len(READERS)] not in (activity, message):  # these read JSON here by themselves
            raise


def main() -> None:
    """Fuzz until told to stop, or until something is found."""
    FOUND.mkdir(exist_ok=True)
    settings = Settings()
    print(f"bytes of at most {settings.longest_text}, {len(READERS)} readers", file=sys.stderr)
    atheris.Setup([sys.argv[0], f"-artifact_prefix={FOUND}/", f"-max_len={settings.longest_text}", *sys.argv[1:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
