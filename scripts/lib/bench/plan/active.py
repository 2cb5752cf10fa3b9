"""What an active /8 costs, and how soon the single host of another project gets by it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from local_stack.ledger_server import Tenant

from ..client import Client, scan
from ..errors import MeasurementError
from ..figure import Figure, Goal, at_most
from ..installation import Installation, Tasker
from ..measurement import Measurement
from ..memory import MEBIBYTE, ResidentPeak
from ..samples import median
from ..waiting import wait_for

WINDOW = 64
SETTINGS = {"WINDOW_MIN": str(WINDOW), "WINDOW_MAX": str(WINDOW)}
NEWCOMERS = 15

API_MEMORY = Goal("active_8_api_rss", "MiB", at_most(64))
COORDINATOR_MEMORY = Goal("active_8_coordinator_rss", "MiB", at_most(64))
REDIS_GROWTH = Goal("active_8_redis_growth", "MiB", at_most(8))
DISPATCH_MEDIAN = Goal("second_project_dispatch_median", "ms", at_most(100))
DISPATCH_MAXIMUM = Goal("second_project_dispatch_max", "ms", at_most(100))


def measure(installation: Installation) -> Iterator[Figure]:
    with installation.tasker(**SETTINGS) as tasker, installation.idle_worker(), tasker.client() as client:
        first, *others = tasker.tenants[:NEWCOMERS + 1]
        redis_before = _redis_bytes(installation)
        with ResidentPeak(tasker.api.process) as api, ResidentPeak(tasker.coordinator.process) as coordinator:
            large = client.run(first, scan(["10.0.0.0/8"])).document["scan_id"]
            wait_for("the window is full", lambda: _has_filled_window(client, first, large))
            delays = [_dispatch(installation, tasker, client, tenant) for tenant in others]
            redis_after = _redis_bytes(installation)
            if (state := _progress(client, first, large)["state"]) != "running":
                raise MeasurementError(f"the /8 did not stay active: it is {state}")
        tasker.stop_scans([first])
    yield API_MEMORY.figure(api.bytes / MEBIBYTE)
    yield COORDINATOR_MEMORY.figure(coordinator.bytes / MEBIBYTE)
    yield REDIS_GROWTH.figure((redis_after - redis_before) / MEBIBYTE)
    yield DISPATCH_MEDIAN.figure(median(delays))
    yield DISPATCH_MAXIMUM.figure(max(delays))


def _dispatch(installation: Installation, tasker: Tasker, client: Client, tenant: Tenant) -> float:
    """Milliseconds from sending the POST until the broker has the task; stops the scan afterwards.

    No slot of the worker is free, so that the target stays in the state `queued` and Redis shows since when.
    """
    answer = client.run(tenant, scan(["10.255.0.1"]))
    target = f"tasker:scan:{answer.document['scan_id']}:target:0"
    since = wait_for(
        "the single host is dispatched",
        lambda: (fields := installation.redis("HMGET", target, "state", "since").split()) and fields[0] == "queued"
        and float(fields[1]),
    )
    tasker.stop_scans([tenant])
    return since - 1000 * answer.sent_at


def _has_filled_window(client: Client, tenant: Tenant, scan_id: str) -> bool:
    """Whether no more is dispatched, though nothing ends. A part of the window may be reserved for other projects."""
    before = _progress(client, tenant, scan_id)["in_flight"]
    time.sleep(0.5)
    return WINDOW // 2 <= before == _progress(client, tenant, scan_id)["in_flight"]


def _progress(client: Client, tenant: Tenant, scan_id: str) -> dict:
    return client.call("GET", tenant, f"scans/{scan_id}").document


def _redis_bytes(installation: Installation) -> int:
    lines = installation.redis("INFO", "memory").split()
    return next(int(line.removeprefix("used_memory:")) for line in lines if line.startswith("used_memory:"))


MEASUREMENT = Measurement(
    "active", (API_MEMORY, COORDINATOR_MEMORY, REDIS_GROWTH, DISPATCH_MEDIAN, DISPATCH_MAXIMUM), measure)
