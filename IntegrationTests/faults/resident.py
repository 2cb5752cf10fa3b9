"""How much memory processes have, over time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from pathlib import Path

from local_stack.process import Process

from .row import percentile


class ResidentMemory:
    """Looks every second at the processes' resident memory; of several, the larger counts."""

    def __init__(self, processes: Iterable[Process]) -> None:
        self._processes = list(processes)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="resident-memory", daemon=True)
        self._samples: list[tuple[float, float]] = []

    def __enter__(self) -> ResidentMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5)

    def megabytes(self, since: float, until: float) -> float:
        """The median between two moments of the monotonic clock."""
        return percentile([size for moment, size in self._samples if since <= moment <= until], 50)

    def most(self) -> float:
        return max(size for _, size in self._samples)

    def _run(self) -> None:
        while not self._stop.wait(1):
            self._samples.append((time.monotonic(), max(map(_resident, self._processes))))


def _resident(process: Process) -> float:
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * 4096 / (1 << 20)
