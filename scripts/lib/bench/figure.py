"""A figure, and what it has to reach."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value beside its limit or beside a peer that was measured in the same run.

    A figure that could not be measured has no value and is not met.
    """

    name: str
    value: float | None
    unit: str
    beside: float | None
    ratio: float | None
    reach: str
    met: bool


@dataclass(frozen=True)
class Condition:
    """A bound on a figure's value, or on its ratio to what it stands beside."""

    bound: float
    is_ceiling: bool
    is_of_ratio: bool = False

    def holds(self, value: float, ratio: float | None) -> bool:
        measured = ratio if self.is_of_ratio else value
        if measured is None:
            return False
        return measured <= self.bound if self.is_ceiling else measured >= self.bound

    def __str__(self) -> str:
        return f"{'ratio ' if self.is_of_ratio else ''}{'at most' if self.is_ceiling else 'at least'} {self.bound:,g}"


def at_most(bound: float) -> Condition:
    return Condition(bound, is_ceiling=True)


def at_least(bound: float) -> Condition:
    return Condition(bound, is_ceiling=False)


def ratio_at_most(bound: float) -> Condition:
    return Condition(bound, is_ceiling=True, is_of_ratio=True)


def ratio_at_least(bound: float) -> Condition:
    return Condition(bound, is_ceiling=False, is_of_ratio=True)


class Goal:
    """What a figure has to reach: any one of its conditions."""

    def __init__(self, name: str, unit: str, *conditions: Condition) -> None:
        self.name = name
        self.unit = unit
        self._conditions = conditions

    @property
    def reach(self) -> str:
        return " or ".join(map(str, self._conditions))

    def figure(self, value: float, beside: float | None = None) -> Figure:
        """The figure for a value beside a peer's value; without one, beside the first condition's bound."""
        if beside is None:
            beside = self._conditions[0].bound
        ratio = value / beside if beside else None
        met = any(condition.holds(value, ratio) for condition in self._conditions)
        return Figure(self.name, value, self.unit, beside, ratio, self.reach, met)

    def missing(self) -> Figure:
        """The figure of a measurement that failed."""
        return Figure(self.name, None, self.unit, None, None, self.reach, met=False)
