"""Waiting for something to be so."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from .errors import MeasurementError


def wait_for(what: str, look: Callable[[], Any], seconds: float = 20, interval: float = 0.1) -> Any:
    """The first value that is true."""
    deadline = time.monotonic() + seconds
    while not (value := look()):
        if time.monotonic() > deadline:
            raise MeasurementError(f"not within {seconds:g} s: {what}")
        time.sleep(interval)
    return value
