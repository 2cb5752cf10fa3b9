"""The process of a scripted worker."""

from __future__ import annotations

from pathlib import Path

from local_stack.repository import LEDGER_PARENT
from local_stack.server import Server
from local_stack.workspace import Workspace


class ScriptedWorker(Server):
    wave = 1

    def __init__(
        self,
        workspace: Workspace,
        name: str,
        python: Path,
        broker: str,
        slots: int = 4,
        seconds: float = 0.3,
        behaviour: str = "good",
    ) -> None:
        super().__init__(workspace, name, port=0)
        self._python = python
        self._broker = broker
        self._slots = slots
        self._seconds = seconds
        self._behaviour = behaviour
        self._journal_start = 0

    @property
    def journal(self) -> Path:
        return self.data / "journal.jsonl"

    def prepare(self) -> None:
        self._journal_start = self.journal.stat().st_size if self.journal.exists() else 0

    def environment(self) -> dict[str, str]:
        return {"BROKER_URL": self._broker, "PYTHONPATH": str(LEDGER_PARENT), "PYTHONDONTWRITEBYTECODE": "1"}

    def command(self) -> list[str]:
        return [
            str(self._python), "-m", "faults.worker", "--name", self.name, "--journal", str(self.journal),
            "--slots", str(self._slots), "--seconds", str(self._seconds), "--behaviour", self._behaviour,
        ]

    def is_ready(self) -> bool:
        if not self.journal.exists():
            return False
        with self.journal.open("rb") as journal:
            journal.seek(self._journal_start)
            return b'"event": "ready"' in journal.read()
