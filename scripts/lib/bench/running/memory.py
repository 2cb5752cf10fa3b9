"""What a /8 with a thousand targets outstanding takes of memory, beyond what the processes have at rest."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ..client import scan
from ..figure import Figure, Goal, at_most
from ..installation import Installation
from ..measurement import Measurement
from ..memory import MEBIBYTE, ResidentPeak
from ..samples import median
from . import window

IN_FLIGHT = 1_000
ROUNDS = 5

API_GROWTH = Goal("active_api_rss_growth", "MiB", at_most(16))
COORDINATOR_GROWTH = Goal("active_coordinator_rss_growth", "MiB", at_most(16))


def measure(installation: Installation) -> Iterator[Figure]:
    """Each round has new processes: what one has taken it does not give back."""
    rounds = [_growth(installation) for _ in range(ROUNDS)]
    yield API_GROWTH.figure(median([api for api, _ in rounds]))
    yield COORDINATOR_GROWTH.figure(median([coordinator for _, coordinator in rounds]))


def _growth(installation: Installation) -> tuple[float, float]:
    settings = window.settings(IN_FLIGHT)
    with installation.tasker(**settings) as tasker, installation.idle_worker(), tasker.client() as client:
        tenant = tasker.tenants[0]
        with ResidentPeak(tasker.api.process) as api, ResidentPeak(tasker.coordinator.process) as coordinator:
            scan_id = client.run(tenant, scan(["10.0.0.0/8"])).document["scan_id"]
            window.wait_until_filled(installation, scan_id, IN_FLIGHT)
            time.sleep(1)
        tasker.stop_scans([tenant])
    return api.growth / MEBIBYTE, coordinator.growth / MEBIBYTE


MEASUREMENT = Measurement("memory", (API_GROWTH, COORDINATOR_GROWTH), measure)
