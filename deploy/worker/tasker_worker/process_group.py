"""Runs a command that cannot outlive its caller: in a process group of its own, with limits on time and output."""

from __future__ import annotations

import ctypes
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from . import termination

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
_CHUNK = 1 << 16


class TimedOut(Exception):
    """The command did not end in time and was killed."""


class TooMuchOutput(Exception):
    """The command wrote more to its standard output than allowed and was killed."""


@dataclass(frozen=True)
class Completed:
    """`errors` is the start of what was written to standard error. A negative exit code is the signal that ended it."""

    exit_code: int
    output: bytes
    errors: bytes


def run(command: list[str], timeout: float, output_limit: int, errors_limit: int = 1 << 16) -> Completed:
    """Runs a command to its end and reads both its pipes meanwhile.

    The whole group is killed however this returns or raises: also when a signal handler raises here, as Celery's does
    in a pool process whose task is terminated. When the calling process is killed, the kernel ends the command.
    """
    with termination.held():
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=_dies_with(os.getpid()),
        )
        try:
            with termination.allowed():
                output, errors = _collect(process, time.monotonic() + timeout, output_limit, errors_limit)
        finally:
            _kill_group(process)
            process.stdout.close()
            process.stderr.close()
    return Completed(process.wait(), output, errors)


def _dies_with(parent: int) -> Callable[[], None]:
    """For the new process, before it becomes the command: heed signals, and be killed when the parent ends."""

    def prepare() -> None:
        termination.release()
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def _collect(process: subprocess.Popen, deadline: float, output_limit: int, errors_limit: int) -> tuple[bytes, bytes]:
    """Reads until the command has ended and both pipes are closed. Does not reap it, so its group stays its own."""
    output, errors = bytearray(), bytearray()
    process_handle = os.pidfd_open(process.pid)
    try:
        with selectors.DefaultSelector() as selector:
            for source in (process_handle, process.stdout.fileno(), process.stderr.fileno()):
                selector.register(source, selectors.EVENT_READ)
            while selector.get_map():
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimedOut
                for key, _ in selector.select(left):
                    if key.fd == process_handle:
                        selector.unregister(key.fd)
                        os.killpg(process.pid, signal.SIGKILL)
                        continue
                    data = os.read(key.fd, _CHUNK)
                    if not data:
                        selector.unregister(key.fd)
                    elif key.fd == process.stderr.fileno():
                        errors += data[: errors_limit - len(errors)]
                    else:
                        output += data
                        if len(output) > output_limit:
                            raise TooMuchOutput
    finally:
        os.close(process_handle)
    return bytes(output), bytes(errors)


def _kill_group(process: subprocess.Popen) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
