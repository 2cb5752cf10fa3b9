"""Status requests for a second of processor time, by one, two and four replicas behind the load balancer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from local_stack.tasker_servers import APIServer, LoadBalancer

from ..figure import Figure, Goal, ratio_at_least
from ..installation import Installation
from ..measurement import Measurement
from ..samples import median
from .load import paced_load
from .status import post_scans

ROUNDS = 5
SECONDS = 2
#: For each replica, and a second. Where one is asked as fast as it answers, it works in larger batches the more of the machine
#: it has for itself, which says nothing about what replicas cost each other.
CONNECTIONS, RATE = 4, 75

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
                url = f"{balancer.url}/tasks/{tenant.project}/status"
                answered = paced_load(url, SECONDS, CONNECTIONS * count, RATE, tenant)
                taken = sum(map(_processor_seconds, replicas[:count])) - before
                samples[count].append(answered / taken)
        tasker.stop_scans([tenant])
    yield TWO.figure(median(samples[2]), beside=median(samples[1]))
    yield FOUR.figure(median(samples[4]), beside=median(samples[1]))


def _processor_seconds(replica: APIServer) -> float:
    """What all threads have run, as /proc/PID/schedstat has it in nanoseconds."""
    threads = Path(f"/proc/{replica.process.pid}/task").glob("*/schedstat")
    return sum(int(file.read_text().split()[0]) for file in threads) / 1e9


MEASUREMENT = Measurement("scale", (TWO, FOUR), measure)
