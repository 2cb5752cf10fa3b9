"""A row of `docs/reliability.md`: one kind of fault, how often, and what has to be reached."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .checker import Violation
from .installation import Installation


@dataclass
class Observation:
    """What a run saw: times in seconds, counts, and everything that must not be."""

    times: dict[str, list[float]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def time(self, name: str, seconds: float) -> None:
        self.times.setdefault(name, []).append(seconds)

    def count(self, name: str, number: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + number

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.violations.append(otherwise)

    def check(self, violations: Sequence[Violation]) -> None:
        self.violations += map(str, violations)

    def summary(self) -> dict[str, object]:
        found: dict[str, object] = {
            name: {"p50": round(percentile(times, 50), 3), "p99": round(percentile(times, 99), 3),
                   "max": round(max(times), 3)}
            for name, times in self.times.items()
        }
        found.update(self.counts)
        found["violations"] = len(self.violations)
        return found


def percentile(samples: Sequence[float], percent: float) -> float:
    """By nearest rank."""
    return sorted(samples)[max(0, math.ceil(len(samples) * percent / 100) - 1)]


@dataclass(frozen=True)
class Limit:
    """What a named time has to reach."""

    name: str
    percent: float
    seconds: float

    def broken_by(self, observation: Observation) -> str | None:
        times = observation.times.get(self.name, [])
        if not times:
            return f"{self.name} was not measured"
        reached = percentile(times, self.percent)
        if reached <= self.seconds:
            return None
        return f"{self.name}: p{self.percent:g} is {reached:.3f} s, not {self.seconds:g} s"


@dataclass(frozen=True)
class Row:
    """`table_trials` is what the table asks for, `quick_trials` what runs without `--trials`."""

    name: str
    fault: str
    figure: str
    quick_trials: int
    table_trials: int
    run: Callable[[Installation, int, random.Random, Observation], None]
    limits: tuple[Limit, ...] = ()
    #: Debian packages for this row alone.
    packages: tuple[str, ...] = ()


def bound(trials: int, failures: int) -> str:
    """What the trials say about the rate of failures, at 95 %."""
    if failures:
        return f"{failures} violations in {trials} trials"
    return f"rate of failures below {3 / trials:.2g} (3/n, 95 %)" if trials else "no trials"
