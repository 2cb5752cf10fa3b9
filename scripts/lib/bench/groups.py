"""The groups that `scripts/bench` can run."""

from __future__ import annotations

from .measurement import Measurement
from .plan import MEASUREMENTS as PLAN

GROUPS: dict[str, tuple[Measurement, ...]] = {
    "plan": PLAN,
}
