"""A row's trials, divided among installations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .defences import DEFENCES, Defence
from .row import Row
from .rows import ROWS

#: What can be run: a row, or a row without one of its defences.
Subject: TypeAlias = Row | Defence

SUBJECTS: dict[str, Subject] = {**ROWS, **{f"without {defence.name}": defence for defence in DEFENCES}}
#: How long a portion may take, about: short, so that all installations are done at about the same time.
_SECONDS = 150.0


@dataclass(frozen=True)
class Portion:
    """So many trials of a subject in one go. It has a seed of its own, by which it can be repeated alone."""

    name: str
    trials: int
    seed: int

    @property
    def subject(self) -> Subject:
        return SUBJECTS[self.name]

    @property
    def seconds(self) -> float:
        """About how long it takes."""
        return self.trials * self.subject.seconds

    @property
    def limit(self) -> float:
        """How long it may take before it is ended."""
        return 240 + 6 * self.seconds

    def __str__(self) -> str:
        return f"{self.name} ({self.trials} trials, seed {self.seed})"


def portions(name: str, trials: int, seed: int) -> list[Portion]:
    """The same ones for the same numbers, however many installations there are."""
    most = max(1, int(_SECONDS / SUBJECTS[name].seconds))
    count = math.ceil(trials / most)
    return [Portion(name, trials // count + (number < trials % count), seed + number) for number in range(count)]


def longest_first(found: Iterable[Portion]) -> Sequence[Portion]:
    return sorted(found, key=lambda portion: -portion.seconds)
