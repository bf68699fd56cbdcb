"""Attacks below HTTP's own rules: bytes that no client would send, over a plain socket."""

import asyncio
import contextlib
import random
import time

from bot.hostile.judge import SILENCE, Seen, Tally
from bot.settings import Settings

POST = b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
GET = b"GET /health HTTP/1.1\r\nHost: x\r\n"
END = b"Connection: close\r\n\r\n"
WHOLE = (
    POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
    POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n{}",
    POST + b"Transfer-Encoding: xchunked\r\n" + END + b"2\r\n{}\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding: gzip, chunked\r\n" + END + b"2\r\n{}\r\n0\r\n\r\n",
    POST + b"Authorization: Bearer \x01\r\nContent-Length: 2\r\n" + END + b"{}",
    POST + b"Content-Length: -1\r\n\r\n{}",
    POST + b"Content-Length: +2\r\n\r\n{}",
    POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    POST + b"Content-Length: \xb2\r\n\r\n{}",
    POST + b"Content-Length: 99999999999999999999\r\n\r\n{}",
    POST + b"Content-Length : 2\r\n\r\n{}",
    POST + b"Content-Length: 99999999\r\n" + END + b"x" * 100_000,
    POST.replace(b"\r\n", b"\n") + b"Content-Length: 2\nConnection: close\n\n{}",
    GET + b" folded: x\r\n" + END,
    GET + b"X-Null: a\x00b\r\n" + END,
    GET + b"X\xff: y\r\n" + END,
    GET + b"NoColon\r\n" + END,
    GET + b": empty\r\n" + END,
    GET + b"X: " + b"y" * 200_000 + b"\r\n" + END,
    GET + b"".join(b"X-%d: y\r\n" % n for n in range(20_000)) + END,
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n" + END,
    b"GET /health\r\n\r\n",
    b"GET /health HTTP/9.9\r\nHost: x\r\n" + END,
    b"GET /health HTTP/1.0\r\n\r\n",
    b"GET  /health  HTTP/1.1\r\nHost: x\r\n" + END,
    b"GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n" + END,
    b"GET http:// HTTP/1.1\r\nHost: x\r\n" + END,
    b"GET \xe9 HTTP/1.1\r\nHost: x\r\n" + END,
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\n" + END,
    b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n" + END,
    b"FOO /health HTTP/1.1\r\nHost: x\r\n" + END,
    b"get /health HTTP/1.1\r\nHost: x\r\n" + END,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\x00" * 500 + b"\r\n\r\n",
    b"SSH-2.0-x\r\n",
    (GET + b"\r\n") * 29 + GET + END,
    GET + b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAA\r\nConnection: Upgrade\r\n\r\n",
    GET + b"Upgrade: h2c\r\nHTTP2-Settings: AAA\r\nConnection: Upgrade, close\r\n\r\n",
)
LONGEST_KEPT = 20.0  # seconds in which a line may be kept for a next request
CUT = (  # these are hung up on in the middle, by us
    POST + b"Content-Length: 20\r\n\r\n{}",
    POST + b"Transfer-Encoding: chunked\r\n\r\n50\r\n{",
    POST + b"Content-Le",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{",
    b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{",
)
SLOW = (b"G", GET, GET + b"\r\nG", GET + b"\r\n\r\n\r\n", POST + b"Content-Length: 20\r\n\r\n{")


class Wire:
    """The attacks on the gateway's port."""

    def __init__(self, settings: Settings, tally: Tally) -> None:
        self.settings, self.tally = settings, tally

    async def broken(self, chance: random.Random) -> None:
        """Send a whole request that breaks the rules, or half of one."""
        cut = chance.random() < 0.2  # noqa: PLR2004
        await self.send(chance.choice(CUT if cut else WHOLE), half=cut)

    async def slow(self, chance: random.Random) -> None:
        """Begin to ask and do not go on: it must be hung up on."""
        await self.send(chance.choice(SLOW), half=False)

    async def send(self, raw: bytes, *, half: bool) -> None:
        """Send some bytes and hear until the other side hangs up."""
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.settings.port)
        heard, waited, status = b"", 0.0, 0
        try:
            with contextlib.suppress(ConnectionError):
                await self.say(writer, raw, half=half)
                async with asyncio.timeout(SILENCE):
                    heard = await reader.read(65536)
                waited = time.perf_counter() - began
                async with asyncio.timeout(LONGEST_KEPT):
                    heard += await reader.read()
        except TimeoutError:
            status = -1
        writer.close()
        body = heard.partition(b"\r\n\r\n")[2].decode("utf8", "replace")[:100]
        found = heard.split(b" ", 2)[1] if heard.startswith(b"HTTP/1.") and status == 0 else b""
        self.tally.note("wire", raw[:120], Seen(int(found) if found else status, waited, "", body))

    async def say(self, writer: asyncio.StreamWriter, raw: bytes, *, half: bool) -> None:
        """Send all of it, and say where that was half of something that no more comes."""
        writer.write(raw)
        await writer.drain()
        if half:
            writer.write_eof()
