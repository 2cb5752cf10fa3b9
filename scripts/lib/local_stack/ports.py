"""Loopback ports that are free, and stay so for who took them."""

from __future__ import annotations

import random
import socket

from .process import StackError

#: Below the range that Linux takes ports for outgoing connections from, so that none of those gets in between.
_RANGE = range(20_000, 32_000)


class Ports:
    """Hands out each port once, also among several programs at once; those given by name are taken as they are.

    A port is reserved from here on, not from when a server listens there: one that is started later, or again, finds it
    free. The reservations end with this object or its program.
    """

    def __init__(self, given: dict[str, int] | None = None) -> None:
        self._given = given or {}
        self._reservations: list[socket.socket] = []

    def take(self, name: str) -> int:
        if name in self._given:
            return self._given[name]
        for port in random.sample(_RANGE, len(_RANGE)):
            if port in self._given.values() or (reservation := _reservation(port)) is None:
                continue
            if _is_free(port):
                self._reservations.append(reservation)
                return port
            reservation.close()
        raise StackError(f"no port is free for {name}")


def _reservation(port: int) -> socket.socket | None:
    """A socket whose abstract name stands for the port: one program of a network namespace has it at a time."""
    reservation = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        reservation.bind(f"\0tasker-port-{port}")
    except OSError:
        reservation.close()
        return None
    return reservation


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
