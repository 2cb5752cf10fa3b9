"""Listens to the events of a project over many connections, and does nothing with them.

    listeners_program.py PORT PATH COUNT

The token is the first line that it reads. Says `ready` when every connection has its snapshot, and ends at the next line,
or its input's end: it prints how many events the connection with the fewest has heard.
"""

from __future__ import annotations

import selectors
import socket
import sys

_SECONDS = 30


class Listener:
    def __init__(self, port: int, head: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_SECONDS)
        self.socket.sendall(head)
        self.events = -1

    def await_snapshot(self) -> None:
        while self.events < 0:
            self.read()
        self.socket.setblocking(False)

    def read(self) -> None:
        if not (content := self.socket.recv(1 << 18)):
            sys.exit("a stream has ended")
        self.events += content.count(b"\nevent: ")


def main(port: int, path: str, count: int) -> None:
    token = sys.stdin.readline().strip()
    head = f"GET {path} HTTP/1.1\r\nHost: tasker\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    listeners = [Listener(port, head) for _ in range(count)]
    with selectors.DefaultSelector() as selector:
        for listener in listeners:
            listener.await_snapshot()
            selector.register(listener.socket, selectors.EVENT_READ, listener)
        selector.register(sys.stdin, selectors.EVENT_READ)
        print("ready", flush=True)
        while True:
            for key, _ in selector.select():
                if not key.data:
                    print(min(listener.events for listener in listeners))
                    return
                key.data.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
