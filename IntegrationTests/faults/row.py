"""A row of `docs/reliability.md`: one kind of fault, how often, and what has to be reached."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from .checker import Violation
from .installation import Installation


@dataclass
class Observation:
    """What a run saw: times in seconds and other samples, counts, and everything that must not be."""

    samples: dict[str, list[float]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    #: How long all of it took.
    seconds: float = 0.0

    def time(self, name: str, seconds: float) -> None:
        self.samples.setdefault(name, []).append(seconds)

    def size(self, name: str, megabytes: float) -> None:
        self.samples.setdefault(f"{name}{MEGABYTES}", []).append(megabytes)

    def count(self, name: str, number: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + number

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.violations.append(otherwise)

    def check(self, violations: Sequence[Violation]) -> None:
        self.violations += map(str, violations)

    def add(self, other: Observation) -> None:
        """Takes in what another run of the same row saw."""
        for name, samples in other.samples.items():
            self.samples.setdefault(name, []).extend(samples)
        for name, number in other.counts.items():
            self.count(name, number)
        self.violations += other.violations
        self.seconds += other.seconds

    def summary(self) -> dict[str, object]:
        found: dict[str, object] = {
            name: {"p50": round(percentile(samples, 50), 3), "p99": round(percentile(samples, 99), 3),
                   "max": round(max(samples), 3)}
            for name, samples in self.samples.items()
        }
        found.update(self.counts)
        found["violations"] = len(self.violations)
        if self.violations:
            found["first"] = self.violations[:_SHOWN]
        found["seconds"] = round(self.seconds, 1)
        return found


#: How names of samples end that are no times.
MEGABYTES = " in MB"
#: Violations that a result quotes.
_SHOWN = 5


def percentile(samples: Sequence[float], percent: float) -> float:
    """By nearest rank."""
    return sorted(samples)[max(0, math.ceil(len(samples) * percent / 100) - 1)]


@dataclass(frozen=True)
class Limit:
    """What a named time, or another sample, has to reach."""

    name: str
    percent: float
    most: float

    def broken_by(self, observation: Observation) -> str | None:
        samples = observation.samples.get(self.name, [])
        if not samples:
            return f"{self.name} was not measured"
        reached = percentile(samples, self.percent)
        return None if reached <= self.most else f"{self.name}: p{self.percent:g} is {reached:.3f}, not {self.most:g}"


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
    #: About how long a trial takes: decides how many of them one installation gets at a time.
    seconds: float = 5.0
    #: Whether its figure is a time that busy neighbours would spoil.
    is_quiet: bool = False
    expects_violations: ClassVar[bool] = False

    def result(self, trials: int, seed: int, observation: Observation) -> dict[str, object]:
        """As it stands in the JSON file."""
        broken = [said for limit in self.limits if (said := limit.broken_by(observation))]
        judged = replace(observation, violations=observation.violations + broken)
        return {
            "row": self.name,
            "trials": trials,
            "seed": seed,
            "ok": not judged.violations,
            "figure": self.figure,
            "observed": judged.summary(),
            "bound": bound(trials, len(judged.violations)),
        }


def bound(trials: int, failures: int) -> str:
    """What the trials say about the rate of failures, at 95 %."""
    if failures:
        return f"{failures} violations in {trials} trials"
    return f"rate of failures below {3 / trials:.2g} (3/n, 95 %)" if trials else "no trials"
