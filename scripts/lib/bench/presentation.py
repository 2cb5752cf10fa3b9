"""Figures for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from text_table import aligned

from .figure import Figure

_HEADER = ("FIGURE", "VALUE", "UNIT", "BESIDE", "RATIO", "TO REACH", "MET")
_IS_NUMBER = (False, True, False, True, True, False, False)


def table(figures: Iterable[Figure]) -> str:
    """One line for each figure, under a header."""
    return aligned([_HEADER, *(_row(figure) for figure in figures)], _IS_NUMBER)


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
