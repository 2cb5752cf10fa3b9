"""Celery's own client; `celery_program.py` says what each command does."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_PROGRAM = Path(__file__).resolve().parent / "celery_program.py"


class CeleryPeer:
    def __init__(self, python: Path, broker: str, redis: str) -> None:
        self._python = python
        self._settings = {**os.environ, "BROKER_URL": broker, "REDIS_URL": redis, "PYTHONDONTWRITEBYTECODE": "1"}

    def send(self, count: int, confirms: bool) -> float:
        """The seconds for so many tasks from one process."""
        return self._run("send", count, *(["confirm"] if confirms else []))

    def enumerate(self, network: str, count: int) -> float:
        """The seconds for the first addresses of a network, with their keys in Redis."""
        return self._run("enumerate", network, count)

    def _run(self, *words: object) -> float:
        command = [str(self._python), str(_PROGRAM), *map(str, words)]
        done = subprocess.run(
            command, env=self._settings, check=True, stdout=subprocess.PIPE, text=True, timeout=60)
        return float(done.stdout)
