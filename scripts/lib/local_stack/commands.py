"""What `scripts/stack` does, for its own command line and for `scripts/quickstart`."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from . import debian, python_environment, swift_build
from .ports import Ports
from .process import StackError
from .stack import Size, Stack
from .workspace import Workspace

_STARTED = time.monotonic()


def say(message: str) -> None:
    """A line of progress, with the seconds since the program's start."""
    print(f"[{time.monotonic() - _STARTED:6.1f} s] {message}", file=sys.stderr, flush=True)


def up(state: Path, size: Size, debug: bool = False, build: bool = True, ports: dict[str, int] | None = None) -> Stack:
    """Installs, builds and starts everything. On failure, ends what it started and removes its data; logs stay."""
    with _locked(state):
        workspace = Workspace(state)
        if any(process.is_running() for process in workspace.processes):
            raise StackError(f"a stack is already running in {state}; see scripts/stack status, scripts/stack down")
        workspace.stop()
        workspace.remove()
        try:
            debian.install_missing((*debian.BUILD_PACKAGES, *debian.RUN_PACKAGES), say)
            with ThreadPoolExecutor() as background:
                python = background.submit(python_environment.ensure, say)
                if build:
                    swift_build.build(debug, say)
                programs = swift_build.programs_directory(debug)
                stack = Stack(workspace, python.result(), programs, size, ports=Ports(ports), progress=say)
            stack.start()
        except BaseException:
            workspace.stop()
            workspace.remove(keep_logs=True)
            raise
        return stack


def down(state: Path, keep_logs: bool = False) -> None:
    """Ends what runs in the folder and removes what was made there."""
    if not state.exists():
        say(f"no stack in {state}")
        return
    with _locked(state):
        workspace = Workspace(state)
        running = sum(process.is_running() for process in workspace.processes)
        workspace.stop()
        workspace.remove(keep_logs)
        say(f"ended {running} processes" + (f"; logs are in {state / 'logs'}" if keep_logs else ""))


def status(state: Path) -> bool:
    """Lists the processes; answers whether there are any and all run."""
    processes = Workspace(state).processes
    if not processes:
        print(f"no stack in {state}")
        return False
    running = [process.is_running() for process in processes]
    for process, is_running in zip(processes, running):
        print(f"{process.name:<16} {process.pid:>8}  {'running' if is_running else 'ENDED':<8} {process.log}")
    print(f"settings: . {state / 'env'}")
    return all(running)


@contextmanager
def _locked(state: Path) -> Iterator[None]:
    """One command at a time on a folder."""
    state.mkdir(parents=True, exist_ok=True)
    folder = os.open(state, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise StackError(f"another command works on {state}") from None
    finally:
        os.close(folder)
