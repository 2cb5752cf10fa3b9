"""One process that we started, known again later, also by another program: by its number and its start time."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class StackError(Exception):
    """Something could not be started; the message is for people."""


class _Status(NamedTuple):
    state: str
    session: int
    threads: int
    started: int

    @property
    def is_over(self) -> bool:
        """A zombie whose threads are gone too: while one of them is not, the process holds its ports and files."""
        return self.state == "Z" and self.threads <= 1


def _status(pid: int) -> _Status | None:
    """What proc(5) says: state, session, number of threads, and the start time in clock ticks since boot."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return _Status(fields[0], int(fields[3]), int(fields[17]), int(fields[19]))


@dataclass(frozen=True)
class Process:
    """The leader of a session of its own. `wave` is the order of starting; later waves are stopped first."""

    name: str
    pid: int
    started: int
    stop_signal: int
    wave: int
    log: str

    @classmethod
    def of_child(cls, name: str, pid: int, stop_signal: int, wave: int, log: Path) -> Process:
        return cls(name, pid, _status(pid).started, stop_signal, wave, str(log))

    def is_running(self) -> bool:
        self._reap()
        status = _status(self.pid)
        return status is not None and status.started == self.started and not status.is_over

    def members(self) -> list[int]:
        """What runs of its session. The number of a session stays taken while anything of it lives."""
        self._reap()
        leader = _status(self.pid)
        if leader is not None and leader.started != self.started:
            return []
        numbers = (int(entry) for entry in os.listdir("/proc") if entry.isdigit())
        statuses = ((pid, _status(pid)) for pid in numbers)
        return [pid for pid, status in statuses if status and status.session == self.pid and not status.is_over]

    def send(self, number: int) -> None:
        """Signals the leader, if it still runs."""
        if self.is_running():
            _send(self.pid, number)

    def kill(self) -> None:
        """Ends the whole session at once."""
        deadline = time.monotonic() + 10
        while (members := self.members()) and time.monotonic() < deadline:
            for pid in members:
                _send(pid, signal.SIGKILL)
            time.sleep(0.01)

    def log_tail(self, lines: int = 20) -> str:
        try:
            return "\n".join(Path(self.log).read_text(errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return ""

    def wait_until(self, is_ready: Callable[[], bool], seconds: float) -> None:
        """Waits for a condition; raises with the end of the log if the process ends or the time is over before."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if not self.is_running():
                raise StackError(f"{self.name} ended. The end of {self.log}:\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise StackError(
                    f"{self.name} was not ready within {seconds:g} s. The end of {self.log}:\n{self.log_tail()}")
            time.sleep(0.05)

    def wait_for_end(self, seconds: float) -> None:
        """Waits for the process to end by itself; raises with the end of its log if it does not."""
        deadline = time.monotonic() + seconds
        while self.is_running():
            if time.monotonic() > deadline:
                raise StackError(f"{self.name} did not end within {seconds:g} s. The end of {self.log}:\n{self.log_tail()}")
            time.sleep(0.05)

    def _reap(self) -> None:
        try:
            os.waitpid(self.pid, os.WNOHANG)
        except ChildProcessError:
            pass


def stop(processes: Iterable[Process], seconds: float = 15) -> None:
    """Ends processes, later waves first: by the signal of each, and what is left of their sessions then by force."""
    processes = list(processes)
    for wave in sorted({process.wave for process in processes}, reverse=True):
        ending = [process for process in processes if process.wave == wave]
        for process in ending:
            process.send(process.stop_signal)
        deadline = time.monotonic() + seconds
        while any(process.is_running() for process in ending) and time.monotonic() < deadline:
            time.sleep(0.05)
        for process in ending:
            process.kill()


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
