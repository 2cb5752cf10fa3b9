"""A scan task in Celery's hands."""

from __future__ import annotations

from celery.concurrency.base import BasePool
from celery.worker.request import Request


class ScanRequest(Request):
    """Counts as running until its process, and nmap with it, is gone.

    Celery's own counts a running task as over once it has sent the signal that ends it: a coordinator that asks what is
    left to end would be told too early that it is nothing.
    """

    _is_ending = False
    _is_over = False

    def terminate(self, pool: BasePool, signal: str | int | None = None) -> None:
        """Signals once: revocations are repeated, and a second signal could come between the process and nmap's end."""
        if not self._is_ending:
            # What has not started yet is terminated as soon as it has, by a call like this one.
            self._is_ending = bool(self.time_start)
            super().terminate(pool, signal)

    def on_failure(self, *arguments: object, **options: object) -> object:
        """The pool's news that the task has ended in any way but well."""
        self._is_over = True
        return super().on_failure(*arguments, **options)

    def _announce_revoked(self, reason: str, terminated: bool, *details: object) -> None:
        if self._is_over or not terminated:
            super()._announce_revoked(reason, terminated, *details)
