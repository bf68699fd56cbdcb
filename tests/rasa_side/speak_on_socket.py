"""Say something over Rasa's Socket.IO channel under a session's id, as whoever knows the id can. On Rasa's Python."""

import asyncio
import sys

from socketio import AsyncClient


async def say(url: str, session: str, text: str) -> None:
    """Connect without any proof, and speak."""
    client = AsyncClient()
    await client.connect(url, transports=["polling"])
    await client.emit("user_uttered", {"session_id": session, "message": text})
    await client.sleep(1)
    await client.eio.disconnect(abort=True)  # a polite end waits for the long poll to be over


asyncio.run(say(*sys.argv[1:]))
