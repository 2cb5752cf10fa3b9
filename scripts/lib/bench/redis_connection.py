"""One connection to Redis, without a library: the time of a command is that of the round trip."""

from __future__ import annotations

import socket

from local_stack.redis_server import RedisServer


class RedisConnection:
    """Knows the replies that measurements ask for: texts, numbers and nothing."""

    def __init__(self, server: RedisServer) -> None:
        self._socket = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")
        self.call("AUTH", server.password)
        self.call("SELECT", server.database)

    def __enter__(self) -> RedisConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def call(self, *words: object) -> str:
        """What Redis answers; '' where that is nothing."""
        parts = [str(word).encode() for word in words]
        self._socket.sendall(
            b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
        kind, text = (line := self._file.readline().decode().rstrip("\r\n"))[:1], line[1:]
        if kind == "-":
            raise OSError(f"{words[0]}: {text}")
        if kind != "$":
            return text
        length = int(text)
        return "" if length < 0 else self._file.read(length + 2)[:-2].decode()
