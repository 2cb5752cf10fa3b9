"""Hands portions out to several installations at once."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from pathlib import Path

from .job import Job, Place
from .portion import Portion, longest_first
from .runner import Outcome

#: Portions whose times busy neighbours would spoil run beside at most one other.
_QUIET_JOBS = 2


@dataclass
class Campaign:
    """`deadline` is by the monotonic clock: what has not ended by then is not met."""

    directory: Path
    programs: Path
    keeps_all: bool
    deadline: float
    progress: Callable[[str], None]
    _jobs: list[Job] = field(default_factory=list)
    _dismissed: list[Job] = field(default_factory=list)
    _number: int = 0

    def run(self, portions: Iterable[Portion], jobs: int) -> Iterator[tuple[Portion, Outcome]]:
        """Each portion as it ends; the quiet ones after all others. Ends what it started in any case."""
        portions = list(portions)
        loud = [portion for portion in portions if not portion.subject.is_quiet]
        quiet = [portion for portion in portions if portion.subject.is_quiet]
        try:
            yield from self._run_all(deque(longest_first(loud)), jobs)
            yield from self._run_all(deque(longest_first(quiet)), min(jobs, _QUIET_JOBS))
        except BaseException:
            for job in self._jobs:
                job.interrupt()
            raise
        finally:
            for job in list(self._jobs):
                self._dismiss(job)
            self._end_dismissed()

    def _run_all(self, waiting: deque[Portion], jobs: int) -> Iterator[tuple[Portion, Outcome]]:
        while len(self._jobs) < min(jobs, len(waiting)):
            self._jobs.append(self._new_job())
        for job in self._jobs[len(waiting):] + self._jobs[jobs:]:
            self._dismiss(job)
        self._end_dismissed()
        for job in self._jobs:
            job.begin(waiting.popleft())
        while busy := [job for job in self._jobs if job.portion]:
            readable = wait([job.connection for job in busy], timeout=1)
            is_over = time.monotonic() > self.deadline
            for job in busy:
                if job.connection in readable or job.is_overdue or is_over:
                    yield self._finished(job)
                    self._occupy(job, waiting, is_over)
        for portion in waiting:
            yield portion, Outcome.broken_off(portion, "it did not get its turn in time")

    def _finished(self, job: Job) -> tuple[Portion, Outcome]:
        portion, outcome = job.portion, job.outcome()
        job.portion = None
        if not outcome.is_complete:
            # Who knows what state the servers are in.
            job.interrupt()
            self._dismiss(job)
        return portion, outcome

    def _occupy(self, job: Job, waiting: deque[Portion], is_over: bool) -> None:
        """Gives the job, or a new one in its place, the next portion."""
        if is_over or not waiting:
            return
        if job not in self._jobs:
            job = self._new_job()
            self._jobs.append(job)
        job.begin(waiting.popleft())

    def _new_job(self) -> Job:
        self._number += 1
        return Job(Place(self.directory / f"installation-{self._number}", self.programs, self.keeps_all))

    def _dismiss(self, job: Job) -> None:
        if job in self._jobs:
            self._jobs.remove(job)
            self._dismissed.append(job)
            job.dismiss()

    def _end_dismissed(self) -> None:
        for job in self._dismissed:
            job.end()
        self._dismissed.clear()
