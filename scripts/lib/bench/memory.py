"""How much memory processes take."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from local_stack.process import Process

MEBIBYTE = 1 << 20


def resident_bytes(process: Process) -> int:
    """`VmRSS` as proc(5) has it."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)[1]) * 1024


class ResidentPeak:
    """Looks at a process again and again while it is entered, and keeps the highest resident size."""

    def __init__(self, process: Process, interval: float = 0.02) -> None:
        self._process = process
        self._interval = interval
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.before = resident_bytes(process)
        self.bytes = self.before

    def __enter__(self) -> ResidentPeak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._look()

    @property
    def growth(self) -> int:
        return self.bytes - self.before

    def _watch(self) -> None:
        while not self._stop.wait(self._interval):
            try:
                self._look()
            except OSError:
                return  # It ended; who leaves the context is told.

    def _look(self) -> None:
        self.bytes = max(self.bytes, resident_bytes(self._process))
