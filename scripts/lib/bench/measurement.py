"""One measurement of a group."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .figure import Figure, Goal
from .installation import Installation


@dataclass(frozen=True)
class Measurement:
    """`measure` gives one figure for each goal, in their order."""

    name: str
    goals: tuple[Goal, ...]
    measure: Callable[[Installation], Iterable[Figure]]
