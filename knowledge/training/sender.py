"""Send queued statements to a Learning Record Store where one is set, and write them as JSON lines in any case.

A statement leaves the queue only when it stands in the file and, where a store is set, the store has taken it: with the
store down it stays, and is tried again with growing pauses. Its id is its own, so that a store drops a second copy.
"""

import json
import os
import threading
from pathlib import Path

import httpx
from rich.console import Console
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import SQLAlchemyError

from knowledge.training.record import STATE
from knowledge.training.tables import OUTBOX

LINES = STATE / "xapi.jsonl"
BATCH = 50
SHORTEST, LONGEST = 1.0, 300.0  # seconds between tries
TAKEN = (200, 204, 409)  # 409: it has that statement already


class Sender:
    """Empties the queue; one in a process."""

    def __init__(
        self, engine: Engine, url: str = "", login: tuple[str, str] | None = None, lines: Path = LINES
    ) -> None:
        self.engine, self.url, self.login, self.lines = engine, url, login, lines

    @classmethod
    def from_environment(cls, engine: Engine) -> "Sender":
        """Return the sender that WHATNOW_LRS_URL (ending in /xAPI), ..._USER and ..._PASSWORD ask for."""
        url = os.environ.get("WHATNOW_LRS_URL", "").rstrip("/")
        user, password = os.environ.get("WHATNOW_LRS_USER", ""), os.environ.get("WHATNOW_LRS_PASSWORD", "")
        return cls(engine, url, (user, password) if user else None)

    def send(self) -> int:
        """Send what is queued, at most fifty; return how many left the queue.

        Raises:
            httpx.HTTPError: the store is down or refuses.
        """
        with self.engine.connect() as open_:
            rows = open_.execute(select(OUTBOX).order_by(OUTBOX.c.n).limit(BATCH)).all()
        if not rows:
            return 0
        if self.url:
            self.post([json.loads(row.statement) for row in rows])
        self.lines.parent.mkdir(parents=True, exist_ok=True)
        with self.lines.open("a", encoding="utf8") as file:
            file.writelines(f"{row.statement}\n" for row in rows)
        with self.engine.begin() as open_:
            open_.execute(delete(OUTBOX).where(OUTBOX.c.n.in_([row.n for row in rows])))
        return len(rows)

    def post(self, statements: list[dict[str, object]]) -> None:
        """Give statements to the store, one by one where it refuses them together."""
        headers = {"X-Experience-API-Version": "1.0.3"}
        address = f"{self.url}/statements"
        with httpx.Client(auth=self.login, headers=headers, timeout=10) as client:
            answered = client.post(address, json=statements)
            if answered.status_code in TAKEN[:2]:
                return
            for each in statements:
                one = client.put(address, params={"statementId": str(each["id"])}, json=each)
                if one.status_code not in TAKEN:
                    one.raise_for_status()

    def keep_sending(self) -> None:
        """Send for as long as the process lives, from a thread of its own."""
        threading.Thread(target=self.run, daemon=True, name="xapi").start()

    def run(self) -> None:
        """Send, wait, and wait longer while the store is down; never give up."""
        pause, rest = SHORTEST, threading.Event()
        while True:
            try:
                pause = SHORTEST if self.send() < BATCH else 0.0
            except (httpx.HTTPError, SQLAlchemyError, OSError) as error:
                pause = min(max(pause, SHORTEST) * 2, LONGEST)
                Console(stderr=True).print(f"xAPI: {type(error).__name__}; the statements wait {pause:.0f} seconds.")
            rest.wait(pause)
