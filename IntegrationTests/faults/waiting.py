"""Waiting for something to become true, with a limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


class NotReached(Exception):
    """What was waited for did not happen in time."""


def eventually(what: str, condition: Callable[[], Value], seconds: float = 30, pause: float = 0.02) -> Value:
    """Waits until the condition's value is true, and answers it."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise NotReached(f"not within {seconds:g} s: {what}")
        time.sleep(pause)
    return value
