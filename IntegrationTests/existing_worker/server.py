"""The twin as a server of the local stack."""

from __future__ import annotations

import signal

from local_stack.repository import LEDGER_PARENT
from local_stack.server import Server
from local_stack.stack import Stack


class ExistingWorker(Server):
    wave = 1
    # Celery waits for running tasks on SIGTERM, and ends them on SIGQUIT.
    stop_signal = signal.SIGQUIT

    def __init__(
        self,
        stack: Stack,
        name: str,
        slots: int = 1,
        seconds: float = 0.5,
        acks: str = "late",
        faults: dict[str, str] | None = None,
    ) -> None:
        super().__init__(stack.workspace, name, port=0)
        self._stack = stack
        self._python = stack.python
        self.slots = slots
        self.seconds = seconds
        self.acks = acks
        self.faults = faults or {}
        self._log_start = 0

    @property
    def address(self) -> str:
        return f"198.51.100.{int(self.name.rpartition('-')[2])}"

    def prepare(self) -> None:
        self._log_start = self._log.stat().st_size if self._log.exists() else 0

    def environment(self) -> dict[str, str]:
        return {
            "TWIN_BROKER_URL": self._stack.rabbitmq.url,
            "TWIN_REDIS_URL": self._stack.redis.url,
            "TWIN_LEDGER_URL": self._stack.ledger.url,
            "TWIN_LEDGER_TOKEN": self._stack.ledger.tasker_token,
            "TWIN_HOST": self.name,
            "TWIN_ADDRESS": self.address,
            "TWIN_SLOTS": str(self.slots),
            "TWIN_SECONDS": str(self.seconds),
            "TWIN_ACKS": self.acks,
            "TWIN_FAULTS": ",".join(f"{address}={fault}" for address, fault in self.faults.items()),
            "PYTHONPATH": str(LEDGER_PARENT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def command(self) -> list[str]:
        return [str(self._python), "-m", "existing_worker"]

    def is_ready(self) -> bool:
        with self._log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().count(f"@{self.name} ready.".encode()) == 3

    @property
    def _log(self):
        return self.workspace.directory / "logs" / f"{self.name}.log"
