"""Redis, with every write on disk before it is answered."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Mapping

from .server import Server
from .workspace import Workspace


class RedisServer(Server):
    database = 3

    def __init__(self, workspace: Workspace, port: int, name: str = "redis") -> None:
        super().__init__(workspace, name, port)
        self.password = secrets.token_hex(16)
        #: Its environment from the next start on.
        self.changes: Mapping[str, str] = {}

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{self.database}"

    def prepare(self) -> None:
        (self.data / "redis.conf").write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\n"
            f"dir {self.data}\nappendonly yes\nappendfsync always\nsave \"\"\nmaxmemory-policy noeviction\n")

    def environment(self) -> dict[str, str]:
        return dict(self.changes)

    def command(self) -> list[str]:
        return ["redis-server", str(self.data / "redis.conf")]

    def is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (data := connection.recv(100)):
                    answer += data
                return answer.endswith(b"+PONG\r\n")
        except OSError:
            return False
