"""How long a POST of 10,000 overlapping networks takes until its plan is there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from ipaddress import IPv4Address

from ..client import scan
from ..figure import Figure, Goal, at_most
from ..installation import Installation
from ..ledger_time import LedgerTime
from ..measurement import Measurement
from ..samples import median

NETWORKS = 10_000
REQUESTS = 9
SEED = 3

DURATION = Goal("post_10000_overlapping_networks", "ms", at_most(250))


def networks(count: int, seed: int) -> list[str]:
    """Random networks of 10.0.0.0/8 with lengths from 16 to 32, host bits left in."""
    numbers = random.Random(seed)
    return [f"{IPv4Address((10 << 24) | numbers.getrandbits(24))}/{numbers.randint(16, 32)}" for _ in range(count)]


def measure(installation: Installation) -> Iterator[Figure]:
    request = scan(networks(NETWORKS, SEED))
    milliseconds = []
    with installation.tasker() as tasker, LedgerTime(installation.ledger) as ledger, tasker.client() as client:
        for tenant in tasker.tenants[:REQUESTS + 1]:
            answer = client.run(tenant, request)
            milliseconds.append(1000 * (answer.seconds - ledger.take(tenant)))
            tasker.stop_scans([tenant])
            ledger.skip()
    yield DURATION.figure(median(milliseconds[1:]))


MEASUREMENT = Measurement("networks", (DURATION,), measure)
