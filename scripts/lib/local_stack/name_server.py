"""A DNS server that knows the demo's names and nothing else."""

from __future__ import annotations

import random
import socket
import struct

from .server import Server
from .workspace import Workspace


class NameServer(Server):
    """Answers NXDOMAIN for all other names and asks nobody."""

    def __init__(self, workspace: Workspace, port: int, names: dict[str, str], name: str = "dns") -> None:
        super().__init__(workspace, name, port)
        self._names = names

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def prepare(self) -> None:
        lines = [
            "no-resolv", "no-hosts", "no-poll", "bind-interfaces", "listen-address=127.0.0.1", f"port={self.port}",
            "pid-file=", "address=/#/", *(f"host-record={name},{address}" for name, address in self._names.items()),
        ]
        (self.data / "dnsmasq.conf").write_text("\n".join(lines) + "\n")

    def command(self) -> list[str]:
        return ["dnsmasq", "--keep-in-foreground", "--log-facility=-", f"--conf-file={self.data / 'dnsmasq.conf'}"]

    def is_ready(self) -> bool:
        """Whether a query for a name that does not exist is answered."""
        number = random.randrange(1 << 16)
        question = b"\x05ready\x04test\x00" + struct.pack("!HH", 1, 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(0.2)
            try:
                client.connect(("127.0.0.1", self.port))
                client.send(struct.pack("!6H", number, 0x0100, 1, 0, 0, 0) + question)
                return client.recv(512)[:2] == struct.pack("!H", number)
            except OSError:
                return False
