"""Whether the gateway lives (/health), and whether all that an answer needs is there (/ready). It tells no reason.

Rasa says that it is there once its model is loaded, the action server once its engine is; the database by being written
to. No part is waited for longer than two seconds. Neither address is for the world: the proxy need not pass them on.
"""

import asyncio
import time

from sqlalchemy import Column, Engine, Float, Integer, Table, insert, update
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.gateway.line import Line
from bot.gateway.patience import soon
from bot.gateway.store import TABLES

LOOKS = Table("looks", TABLES, Column("id", Integer, primary_key=True, autoincrement=False), Column("at", Float))


class Ready:
    """Asks every part."""

    def __init__(self, line: Line, actions: str, engine: Engine) -> None:
        self.line, self.actions, self.engine = line, actions, engine

    def routes(self) -> list[Route]:
        """Return both addresses."""
        return [Route("/health", self.alive), Route("/ready", self.show)]

    async def alive(self, _: Request) -> Response:
        """Say that this process answers."""
        return JSONResponse({"status": "ok"})

    async def show(self, _: Request) -> Response:
        """Say which parts are there; 503 unless all are."""
        asked = self.line.is_up(), self.line.is_up(self.actions), self.is_writable()
        up = dict(zip(("rasa", "actions", "database"), await asyncio.gather(*asked), strict=True))
        return JSONResponse({"ready": all(up.values()), **up}, 200 if all(up.values()) else 503)

    async def is_writable(self) -> bool:
        """Say whether the database takes what is written to it."""
        try:
            await soon(self.engine, self.write)
        except SQLAlchemyError:
            return False
        return True

    def write(self) -> None:
        """Write the time of this look."""
        with self.engine.begin() as open_:
            if not open_.execute(update(LOOKS).values(at=time.time())).rowcount:
                open_.execute(insert(LOOKS), {"id": 1, "at": time.time()})
