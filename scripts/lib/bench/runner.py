"""Runs measurements one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .figure import Figure
from .installation import Installation
from .measurement import Measurement
from .presentation import number


def run(
    measurements: Iterable[Measurement], installation: Installation, progress: Callable[[str], None]
) -> list[Figure]:
    """All figures. Those of a measurement that fails are missing, and the others are measured all the same."""
    return [
        figure
        for measurement in measurements
        for figure in _figures(measurement, installation, progress)
    ]


def _figures(
    measurement: Measurement, installation: Installation, progress: Callable[[str], None]
) -> Iterator[Figure]:
    progress(f"measuring {measurement.name}")
    try:
        figures = list(measurement.measure(installation))
    except Exception as error:
        progress(f"{measurement.name} FAILED: {type(error).__name__}: {error}")
        figures = [goal.missing() for goal in measurement.goals]
    for goal, figure in zip(measurement.goals, figures, strict=True):
        assert goal.name == figure.name, f"{measurement.name} gave {figure.name} for {goal.name}"
        progress(f"  {figure.name}: {number(figure.value)} {figure.unit}")
        yield figure
