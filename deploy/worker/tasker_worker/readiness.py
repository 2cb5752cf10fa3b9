"""A file that is touched while the worker is connected and its event loop turns, for health checks of containers."""

from __future__ import annotations

from pathlib import Path

from celery.bootsteps import StartStopStep
from celery.worker.consumer.consumer import Consumer as WorkerConsumer
from celery.worker.consumer.tasks import Tasks
from kombu.asynchronous.timer import Entry

SECONDS = 5.0


class Readiness(StartStopStep):
    """Older than a few times `SECONDS`, the file says that no task is taken."""

    requires = (Tasks,)
    #: None where nobody asks.
    file: Path | None = None

    def __init__(self, worker: WorkerConsumer, **options: object) -> None:
        self._next_touch: Entry | None = None
        super().__init__(worker, **options)

    def start(self, worker: WorkerConsumer) -> None:
        if self.file:
            self.file.touch()
            self._next_touch = worker.timer.call_repeatedly(SECONDS, self.file.touch)

    def stop(self, worker: WorkerConsumer) -> None:
        if self._next_touch:
            self._next_touch.cancel()
            self.file.unlink(missing_ok=True)
            self._next_touch = None

    shutdown = stop
