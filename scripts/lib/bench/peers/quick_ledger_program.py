"""A ScanLedger that knows every project and no host, and takes what it is sent without looking at it.

    quick_ledger_program.py PORT [SECONDS_PER_CALL SECONDS_PER_HOST]

With times, an import takes as long as ScanLedger's own; imports of one project come one after the other.
"""

from __future__ import annotations

import asyncio
import sys


class Ledger:
    def __init__(self, per_call: float, per_host: float) -> None:
        self._per_call = per_call
        self._per_host = per_host

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await self._answer(head, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, path, *_ = head.split(b" ", 2)
        fields = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])
        }
        if fields.get(b"expect", b"").lower() == b"100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await reader.readexactly(int(fields.get(b"content-length", b"0")))
        content = b"[]"
        if method == b"POST" and (pause := self._per_call + body.count(b"<host ") * self._per_host):
            await asyncio.sleep(pause)
        if method == b"GET" and path.count(b"/") == 2:
            content = b'{"id": "%s"}' % path.rpartition(b"/")[2]
        elif path == b"/health":
            content = b"{}"
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (len(content), content))
        await writer.drain()


async def main(port: int, *seconds: float) -> None:
    ledger = Ledger(*seconds or (0.0, 0.0))
    async with await asyncio.start_server(ledger.serve, "127.0.0.1", port, limit=1 << 20) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), *map(float, sys.argv[2:])))
