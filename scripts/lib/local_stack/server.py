"""What all servers of the stack have in common."""

from __future__ import annotations

import signal
import socket
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from pathlib import Path

from .process import Process, StackError, stop
from .workspace import Workspace


class Server(ABC):
    """A process in a workspace. It can be started again on its old port and data after it was stopped or killed."""

    wave = 0
    stop_signal = signal.SIGTERM
    ready_seconds = 60.0

    def __init__(self, workspace: Workspace, name: str, port: int) -> None:
        self.workspace = workspace
        self.name = name
        self.port = port
        self._process: Process | None = None

    @property
    def data(self) -> Path:
        return self.workspace.data(self.name)

    @property
    def process(self) -> Process:
        if self._process is None:
            raise StackError(f"{self.name} has not been started")
        return self._process

    @property
    def is_started(self) -> bool:
        """Whether it was started at all; it may have ended since."""
        return self._process is not None

    def start(self) -> None:
        """Starts the process and returns at once."""
        self.prepare()
        self._process = self.workspace.spawn(
            self.name, self.command(), self.environment(), self.wave, self.stop_signal)

    def wait_until_ready(self) -> None:
        self.process.wait_until(self.is_ready, self.ready_seconds)

    def stop(self) -> None:
        stop([self.process])

    def restart(self) -> None:
        """Ends the process as orchestrators do, by SIGTERM and patience, and returns once it is back."""
        ending = self.process
        ending.send(signal.SIGTERM)
        ending.wait_for_end(self.ready_seconds)
        self.start()
        self.wait_until_ready()

    def prepare(self) -> None:
        """Writes the files that the command needs."""

    def environment(self) -> dict[str, str]:
        return {}

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def is_ready(self) -> bool: ...


def accepts_connections(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False


def answers_ok(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
