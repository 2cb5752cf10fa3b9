"""Whether a name server answers."""

from __future__ import annotations

import socket
import struct


def answers(port: int, name: str) -> bool:
    """Whether the server at a loopback port answers a question for the address of a name."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    question = struct.pack("!6H", 1, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.2)
        try:
            client.connect(("127.0.0.1", port))
            client.send(question)
            return client.recv(512)[:2] == question[:2]
        except OSError:
            return False
