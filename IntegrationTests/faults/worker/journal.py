"""The journal of one worker: what it received, started and ended, one JSON object per line."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path


class WorkerJournal:
    """Each entry is one write to a file opened for appending: none is lost or torn when the process is killed."""

    def __init__(self, path: Path, worker: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._worker = worker

    def note(self, event: str, **details: object) -> None:
        entry = {"time": time.time(), "event": event, "worker": self._worker, "pid": os.getpid(), **details}
        os.write(self._file, (json.dumps(entry) + "\n").encode())
