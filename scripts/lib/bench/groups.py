"""The groups that `scripts/bench` can run."""

from __future__ import annotations

from .measurement import Measurement
from .plan import MEASUREMENTS as PLAN
from .plan import accept as plan_accept
from .running import accept, dispatch, latency, memory, status, stop

GROUPS: dict[str, tuple[Measurement, ...]] = {
    "plan": PLAN,
    "dispatch": (dispatch.MEASUREMENT,),
    "dispatch-peer": (dispatch.BESIDE_CELERY_MEASUREMENT,),
    "accept": (plan_accept.MEASUREMENT, accept.MEASUREMENT),
    "status": (status.MEASUREMENT,),
    "latency": (latency.MEASUREMENT,),
    "stop": (stop.MEASUREMENT,),
    "memory": (memory.MEASUREMENT,),
}
