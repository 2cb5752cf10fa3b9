"""What a scripted worker does differently from a good one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import reports


@dataclass(frozen=True)
class Behaviour:
    """`deaf` workers ignore revocations; `copies` results are sent for each task."""

    report: Callable[[str, str], str] = reports.honest
    is_deaf: bool = False
    copies: int = 1


BEHAVIOURS = {
    "good": Behaviour(),
    "deaf": Behaviour(is_deaf=True),
    "poisonous": Behaviour(report=reports.poisonous),
    "repeating": Behaviour(copies=3),
}
