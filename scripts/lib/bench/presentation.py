"""Figures for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from .figure import Figure

_HEADER = ("FIGURE", "VALUE", "UNIT", "BESIDE", "RATIO", "TO REACH", "MET")
_IS_NUMBER = (False, True, False, True, True, False, False)


def table(figures: Iterable[Figure]) -> str:
    """One line for each figure, under a header."""
    rows: list[Sequence[str]] = [_HEADER, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    return "\n".join(
        "  ".join(
            f"{cell:>{width}}" if is_number else f"{cell:<{width}}"
            for cell, width, is_number in zip(row, widths, _IS_NUMBER)
        ).rstrip()
        for row in rows
    )


def document(figures: Iterable[Figure]) -> str:
    """A JSON list with one object for each figure."""
    return json.dumps([asdict(figure) for figure in figures], indent=1) + "\n"


def _row(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name, number(figure.value), figure.unit, number(figure.beside), number(figure.ratio), figure.reach,
        "yes" if figure.met else "NO",
    )


def number(value: float | None) -> str:
    """Three significant digits, but no digit before the point is dropped."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
