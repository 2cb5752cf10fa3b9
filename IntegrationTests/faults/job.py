"""An installation in a process of its own, which is handed one portion after the other."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from local_stack import StackError, Workspace
from local_stack.commands import say

from . import runner
from .installation import Installation
from .network import Network
from .portion import Portion
from .runner import Outcome

#: A portion ends itself in time, and an installation its servers. These are for a process that hangs.
_START_SECONDS, _END_SECONDS = 180.0, 60.0


@dataclass(frozen=True)
class Place:
    """Where a job has its files, and which programs it runs. Journals of what went well are kept only if asked for."""

    directory: Path
    programs: Path
    keeps_all: bool


class Job:
    """The parent's side. The process ends with this object's `end`, or when the parent is gone."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.portion: Portion | None = None
        self.connection, far_end = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(target=_serve, args=(far_end, place), daemon=True)
        self._process.start()
        far_end.close()
        self._started = self._overdue = time.monotonic() + _START_SECONDS

    def begin(self, portion: Portion) -> None:
        self.portion = portion
        self._overdue = max(self._started, time.monotonic()) + portion.limit + _END_SECONDS
        try:
            self.connection.send(portion)
        except OSError:
            pass  # its process has ended, and `outcome` will say so

    @property
    def is_overdue(self) -> bool:
        return time.monotonic() > self._overdue

    def outcome(self) -> Outcome:
        """That of the portion under way; it is broken off where there is none yet."""
        assert self.portion is not None
        try:
            if self.connection.poll():
                return self.connection.recv()
            return Outcome.broken_off(self.portion, "it took too long")
        except (EOFError, OSError):
            return Outcome.broken_off(self.portion, "its installation ended")

    def dismiss(self) -> None:
        """Lets the process end its servers and itself; `end` waits for it."""
        try:
            self.connection.send(None)
        except OSError:
            pass

    def end(self) -> None:
        """Ends the process, if need be by force, and what it started."""
        self.connection.close()
        self._process.join(_END_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        Workspace(self.place.directory).stop()

    def interrupt(self) -> None:
        """Has the process break its portion off and end."""
        self._process.terminate()


def _serve(connection: Connection, place: Place) -> None:
    """The process: ends its servers in any case."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    workspace = Workspace(place.directory)
    try:
        with Network() as network:
            installation = Installation(workspace, Path(sys.executable), place.programs, network)
            installation.start()
            while (portion := connection.recv()) is not None:
                connection.send(_run(portion, installation, place.keeps_all))
    except (EOFError, BrokenPipeError):
        pass  # the parent is gone
    except StackError as error:
        say(f"{place.directory.name}: {error}")
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        workspace.stop()


def _run(portion: Portion, installation: Installation, keeps_all: bool) -> Outcome:
    first = installation.sites + 1
    outcome = runner.run(portion, installation, say)
    sites = range(first, installation.sites + 1)
    if outcome.observation.violations and not portion.subject.expects_violations:
        names = ", ".join(f"s{site}-*" for site in sites)
        where = f"{portion}; journals and logs: {installation.workspace.directory} {names}"
        outcome.observation.violations[:] = [f"{said} [{where}]" for said in outcome.observation.violations]
    elif not keeps_all:
        installation.remove_files(sites)
    return outcome
