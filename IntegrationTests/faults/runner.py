"""Runs rows one after the other; one that breaks off is not met, and the next one runs all the same."""

from __future__ import annotations

import random
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from collections.abc import Iterator

from .installation import Installation
from .row import Observation, Row, bound


class RowTimedOut(BaseException):
    """A row took longer than it may. Not an Exception: nothing within a row may swallow it."""


def run(
    row: Row, installation: Installation, trials: int, seed: int, seconds: float, progress: Callable[[str], None]
) -> dict[str, object]:
    """One row's result, as it stands in the JSON file."""
    observation = Observation()
    began = time.monotonic()
    try:
        with _time_limit(seconds):
            row.run(installation, trials, random.Random(f"{row.name} {seed}"), observation)
    except RowTimedOut:
        observation.violations.append(f"the row did not end within {seconds:g} s")
    except Exception as error:
        progress(traceback.format_exc())
        observation.violations.append(f"broke off: {type(error).__name__}: {error}")
    observation.violations += [said for limit in row.limits if (said := limit.broken_by(observation))]
    for violation in observation.violations[:20]:
        progress(f"{row.name}: {violation}")
    return {
        "row": row.name,
        "trials": trials,
        "seed": seed,
        "ok": not observation.violations,
        "figure": row.figure,
        "observed": {**observation.summary(), "seconds": round(time.monotonic() - began, 1)},
        "bound": bound(trials, len(observation.violations)),
    }


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def expire(*_: object) -> None:
        raise RowTimedOut

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
