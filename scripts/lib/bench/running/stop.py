"""How long the stop of a scan with 16 million targets takes while a thousand are outstanding."""

from __future__ import annotations

from collections.abc import Iterator

from ..client import scan
from ..figure import Figure, Goal, at_most
from ..installation import Installation
from ..measurement import Measurement
from ..samples import median
from . import window

IN_FLIGHT = 1_000
ROUNDS = 5

TIME = Goal("stop", "ms", at_most(300))


def measure(installation: Installation) -> Iterator[Figure]:
    times = []
    settings = window.settings(IN_FLIGHT)
    with installation.tasker(**settings) as tasker, installation.idle_worker(), tasker.client() as client:
        for tenant in tasker.tenants[:ROUNDS]:
            scan_id = client.run(tenant, scan(["10.0.0.0/8"])).document["scan_id"]
            window.wait_until_filled(installation, scan_id, IN_FLIGHT)
            times.append(1000 * client.call("POST", tenant, "stop-nmap").seconds)
    yield TIME.figure(median(times))


MEASUREMENT = Measurement("stop", (TIME,), measure)
