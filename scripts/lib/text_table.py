"""Rows of text in columns, for people."""

from __future__ import annotations

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]], is_number: Sequence[bool]) -> str:
    """One line for each row; columns of numbers are flush right, the others flush left."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(is_number))]
    return "\n".join(
        "  ".join(
            f"{cell:>{width}}" if flush_right else f"{cell:<{width}}"
            for cell, width, flush_right in zip(row, widths, is_number)
        ).rstrip()
        for row in rows
    )
