"""Runs a portion of a row in a limited time; what breaks off counts as a violation."""

from __future__ import annotations

import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .installation import Installation
from .portion import Portion
from .row import Observation


class PortionTimedOut(BaseException):
    """A portion took longer than it may. Not an Exception: nothing within a row may swallow it."""


@dataclass(frozen=True)
class Outcome:
    """What a portion saw, and whether it came to its end, so that its installation can be used again."""

    observation: Observation
    is_complete: bool = True

    @classmethod
    def broken_off(cls, portion: Portion, why: str) -> Outcome:
        return cls(Observation(violations=[f"{portion} broke off: {why}"]), is_complete=False)


def run(portion: Portion, installation: Installation, progress: Callable[[str], None]) -> Outcome:
    observation = Observation()
    is_complete = False
    began = time.monotonic()
    try:
        with _time_limit(portion.limit):
            chance = random.Random(f"{portion.name} {portion.seed}")
            portion.subject.run(installation, portion.trials, chance, observation)
            is_complete = True
    except PortionTimedOut:
        observation.violations.append(f"broke off: not done within {portion.limit:g} s")
    except Exception as error:
        progress(f"{portion}:\n{traceback.format_exc()}")
        observation.violations.append(f"broke off: {type(error).__name__}: {error}")
    observation.seconds = time.monotonic() - began
    return Outcome(observation, is_complete)


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def expire(*_: object) -> None:
        raise PortionTimedOut

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
