"""A name server program: says that `liveN` has the N-th address of 10.0.0.0/8, and to all other names says nothing.

Its argument is the loopback port. `HesitantServer` runs it.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys

_HEADER = struct.Struct("!6H")
#: A pointer to the question's name, type A, class IN, a time to live, and four bytes of address.
_RECORD = struct.Struct("!HHHIH")
_ANSWERED, _NAME_AT_12, _TYPE_A, _CLASS_IN, _SECONDS = 0x8580, 0xC00C, 1, 1, 300
_RECEIVE_BUFFER = 4 << 20


def answer(query: bytes) -> bytes | None:
    """The answer to a query with one question; it holds no record where another type than A is asked for."""
    number, _, questions, *_ = _HEADER.unpack_from(query)
    end = query.find(b"\0", _HEADER.size) + 5
    question = query[_HEADER.size:end]
    label = question[1:1 + question[0]].lower()
    if questions != 1 or not label.startswith(b"live"):
        return None
    if question[-4:-2] != struct.pack("!H", _TYPE_A):
        return _HEADER.pack(number, _ANSWERED, 1, 0, 0, 0) + question
    address = struct.pack("!I", (10 << 24) + int(label.removeprefix(b"live")))
    record = _RECORD.pack(_NAME_AT_12, _TYPE_A, _CLASS_IN, _SECONDS, len(address)) + address
    return _HEADER.pack(number, _ANSWERED, 1, 1, 0, 0) + question + record


class Protocol(asyncio.DatagramProtocol):
    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, sender: tuple[str, int]) -> None:
        if (reply := answer(data)) is not None:
            self._transport.sendto(reply, sender)


async def serve(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        # Room for a burst: a question that is dropped would look like a dead name for as long as a timeout.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        listener.bind(("127.0.0.1", port))
        listener.setblocking(False)
        await asyncio.get_running_loop().create_datagram_endpoint(Protocol, sock=listener)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
