"""A name server that answers for some names and says nothing to others."""

from __future__ import annotations

import sys
from pathlib import Path

from local_stack.server import Server
from local_stack.workspace import Workspace

from .probe import answers

_PROGRAM = Path(__file__).resolve().parent / "hesitant_dns.py"


class HesitantServer(Server):
    """Answers for `liveN`, in any zone."""

    def __init__(self, workspace: Workspace, port: int, name: str = "hesitant-dns") -> None:
        super().__init__(workspace, name, port)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [sys.executable, str(_PROGRAM), str(self.port)]

    def is_ready(self) -> bool:
        return answers(self.port, "live0.test")
