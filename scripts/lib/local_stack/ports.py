"""Loopback ports that are free."""

from __future__ import annotations

import random
import socket

#: Below the range that Linux takes ports for outgoing connections from, so that none of those gets in between.
_RANGE = range(20_000, 32_000)


class Ports:
    """Hands out each port once; those given by name are taken as they are."""

    def __init__(self, given: dict[str, int] | None = None) -> None:
        self._given = given or {}
        self._taken = set(self._given.values())

    def take(self, name: str) -> int:
        if name in self._given:
            return self._given[name]
        while True:
            port = random.choice(_RANGE)
            if port not in self._taken and _is_free(port):
                self._taken.add(port)
                return port


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
