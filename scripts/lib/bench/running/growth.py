"""What plan, status and dispatch cost as targets go from a hundred to ten million."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from ..client import Client, scan
from ..figure import Figure, Goal, ratio_at_most
from ..installation import Installation, Tasker
from ..measurement import Measurement
from ..samples import median
from . import window

SIZES = (10**2, 10**3, 10**4, 10**5, 10**6, 10**7)
ROUNDS = 7
IN_FLIGHT = (1_000, 10_000)
DISPATCH_ROUNDS = 3
FIRST = IPv4Address("10.0.0.0")

PLAN = Goal("growth_plan", "ms", ratio_at_most(2))
STATUS = Goal("growth_status", "ms", ratio_at_most(2))
DISPATCH = Goal("growth_dispatch", "µs/target", ratio_at_most(1.5))


def measure(installation: Installation) -> Iterator[Figure]:
    """Plan and status: the slowest size's median beside that of the smallest. Dispatch: a target of 10,000 beside one of
    1,000."""
    plans: dict[int, list[float]] = {size: [] for size in SIZES}
    statuses: dict[int, list[float]] = {size: [] for size in SIZES}
    with installation.tasker() as tasker, tasker.client() as client:
        for _ in range(ROUNDS):
            for size, tenant in zip(SIZES, tasker.tenants):
                plans[size].append(1000 * client.run(tenant, _targets(size)).seconds)
                statuses[size].append(1000 * client.call("GET", tenant, "status").seconds)
            tasker.stop_scans(tasker.tenants[:len(SIZES)])
    for goal, samples in ((PLAN, plans), (STATUS, statuses)):
        medians = [median(samples[size]) for size in SIZES]
        yield goal.figure(max(medians), beside=medians[0])
    few, many = (_microseconds_for_a_target(installation, in_flight) for in_flight in IN_FLIGHT)
    yield DISPATCH.figure(many, beside=few)


def _targets(count: int) -> bytes:
    return scan([f"{FIRST}-{FIRST + count - 1}"])


def _microseconds_for_a_target(installation: Installation, in_flight: int) -> float:
    # Politeness alone would allow no more than 8,192 of a /8's targets in flight: 32 in each of the 256 networks in turn.
    settings = {"PER_NETWORK": "0", **window.settings(in_flight)}
    with installation.tasker(**settings) as tasker, installation.idle_worker(), tasker.client() as client:
        return 1e6 * median([_dispatch(installation, tasker, client, in_flight) for _ in range(DISPATCH_ROUNDS)])


def _dispatch(installation: Installation, tasker: Tasker, client: Client, in_flight: int) -> float:
    tenant = tasker.tenants[0]
    answer = client.run(tenant, scan(["10.0.0.0/8"]))
    last = window.wait_until_filled(installation, answer.document["scan_id"], in_flight)
    tasker.stop_scans([tenant])
    return (last - answer.sent_at) / in_flight


MEASUREMENT = Measurement("growth", (PLAN, STATUS, DISPATCH), measure)
