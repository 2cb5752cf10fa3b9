"""A name server that is there and never answers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def deaf_socket(port: int) -> Iterator[str]:
    """Holds a UDP port that nobody reads, and answers its address. Nobody is told that nobody listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", port))
        yield f"127.0.0.1:{port}"
