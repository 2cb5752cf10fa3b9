"""The groups that `scripts/bench` can run."""

from __future__ import annotations

from .measurement import Measurement
from .plan import MEASUREMENTS as PLAN
from .plan import accept as plan_accept
from .running import (
    accept, building, costs, dispatch, growth, latency, listeners, memory, results, scale, startup, status, stop,
)

GROUPS: dict[str, tuple[Measurement, ...]] = {
    "plan": PLAN,
    "dispatch": (dispatch.MEASUREMENT,),
    "dispatch-peer": (dispatch.BESIDE_CELERY_MEASUREMENT,),
    "accept": (plan_accept.MEASUREMENT, accept.MEASUREMENT),
    "status": (status.MEASUREMENT,),
    "results": (results.MEASUREMENT,),
    "sync": (results.SYNC_MEASUREMENT,),
    "latency": (latency.MEASUREMENT,),
    "stop": (stop.MEASUREMENT,),
    "memory": (memory.MEASUREMENT,),
    "growth": (growth.MEASUREMENT,),
    "scale": (scale.MEASUREMENT,),
    "costs": (costs.MEASUREMENT,),
    "listeners": (listeners.MEASUREMENT,),
    "start": (startup.MEASUREMENT,),
    "build": (building.MEASUREMENT,),
}
#: Measured only where they are asked for: they take longer than all others together.
SEPARATE = {"build"}


def measurements_of(group: str | None) -> list[Measurement]:
    """Those of a group; without one all but the separate ones, each once."""
    groups = [GROUPS[group]] if group else [parts for name, parts in GROUPS.items() if name not in SEPARATE]
    return list({part.name: part for parts in groups for part in parts}.values())
