"""A stand-in for ScanLedger that costs nothing, or as much as is said; not the one that knows what ScanLedger does."""

from __future__ import annotations

import sys
from pathlib import Path

from local_stack.server import Server, answers_ok
from local_stack.workspace import Workspace

_PROGRAM = Path(__file__).resolve().parent / "quick_ledger_program.py"


class QuickLedger(Server):
    def __init__(self, workspace: Workspace, port: int, per_call: float = 0, per_host: float = 0) -> None:
        """The times are in seconds: for an import, and for each of its hosts."""
        super().__init__(workspace, "quick-ledger", port)
        self._times = per_call, per_host

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [sys.executable, str(_PROGRAM), str(self.port), *map(str, self._times)]

    def is_ready(self) -> bool:
        return answers_ok(f"{self.url}/health")
