"""Status requests for a second of processor time, by one, two and four replicas behind the load balancer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from local_stack.tasker_servers import APIServer, LoadBalancer

from ..figure import Figure, Goal, ratio_at_least
from ..installation import Installation
from ..measurement import Measurement
from ..samples import median
from .load import load
from .status import post_scans

ROUNDS = 5
SECONDS = 2

TWO = Goal("scale_2_replicas", "requests/CPU s", ratio_at_least(0.9))
FOUR = Goal("scale_4_replicas", "requests/CPU s", ratio_at_least(0.9))


def measure(installation: Installation) -> Iterator[Figure]:
    samples: dict[int, list[float]] = {1: [], 2: [], 4: []}
    with installation.tasker() as tasker, ExitStack() as stack:
        tenant = tasker.tenants[0]
        post_scans(tasker, tenant)
        added = [installation.api(f"api-{number}") for number in range(2, 5)]
        stack.enter_context(installation.running(*added))
        replicas = [tasker.api, *added]
        balancers = {
            count: LoadBalancer(
                installation.workspace, installation.ports.take(f"balancer-{count}"), replicas[:count],
                f"balancer-{count}")
            for count in samples
        }
        stack.enter_context(installation.running(*balancers.values()))
        for _ in range(ROUNDS):
            for count, balancer in balancers.items():
                before = sum(map(_processor_seconds, replicas[:count]))
                rate = load(f"{balancer.url}/tasks/{tenant.project}/status", SECONDS, tenant=tenant)
                taken = sum(map(_processor_seconds, replicas[:count])) - before
                samples[count].append(rate.requests_per_second * SECONDS / taken)
        tasker.stop_scans([tenant])
    yield TWO.figure(median(samples[2]), beside=median(samples[1]))
    yield FOUR.figure(median(samples[4]), beside=median(samples[1]))


def _processor_seconds(replica: APIServer) -> float:
    """User and system time, as proc(5) has them."""
    fields = Path(f"/proc/{replica.process.pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


MEASUREMENT = Measurement("scale", (TWO, FOUR), measure)
