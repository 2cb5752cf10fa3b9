"""When a task may be ended from outside: while nmap runs.

Celery ends a task by SIGTERM to its process, whose handler raises. While nmap is started, Python may raise that into one of
its hooks around a fork, where exceptions are ignored; while the result is sent, the handler leaves a channel half read, and
closing it waits for ever. Either way the slot would be lost with the signal. So it waits until then, or until the task is
over.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = {signal.SIGTERM}


@contextmanager
def held() -> Iterator[None]:
    """Nothing ends the task within the block, nor afterwards where it was held before."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


@contextmanager
def allowed() -> Iterator[None]:
    """The task may be ended within the block, also by what came before; afterwards it is held again."""
    try:
        release()
        yield
    finally:
        hold()


def hold() -> None:
    """Nothing ends the task from here on."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)


def release() -> None:
    """The task may be ended from here on, also by what came before."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
