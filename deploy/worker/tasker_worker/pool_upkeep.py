"""Processes of the pool that ended are replaced soon."""

from __future__ import annotations

from celery.bootsteps import StartStopStep
from celery.worker.consumer.consumer import Consumer as WorkerConsumer
from celery.worker.consumer.tasks import Tasks
from kombu.asynchronous.timer import Entry

SECONDS = 0.25


class PoolUpkeep(StartStopStep):
    """Looks for ended processes at short intervals.

    Celery looks when the pipe that a process holds is closed, which the kernel does a moment before the process can be
    waited for. A look that comes too early finds nothing, and Celery's next one is up to five seconds later: so long a task
    that was terminated counts as running, and its slot stays empty.
    """

    requires = (Tasks,)

    def __init__(self, worker: WorkerConsumer, **options: object) -> None:
        self._next_look: Entry | None = None
        super().__init__(worker, **options)

    def start(self, worker: WorkerConsumer) -> None:
        self._next_look = worker.timer.call_repeatedly(SECONDS, worker.pool.maintain_pool)

    def stop(self, worker: WorkerConsumer) -> None:
        if self._next_look:
            self._next_look.cancel()

    shutdown = stop
