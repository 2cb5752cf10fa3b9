"""How long a POST of a /16 takes, beside listing its addresses and sending each as a Celery client does."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ..client import scan
from ..figure import Figure, Goal, ratio_at_most
from ..installation import Installation
from ..measurement import Measurement
from ..samples import median

NETWORK = "10.20.0.0/16"
ADDRESSES = 2**16 - 2
#: Of these, so many are listed by the peer; its time is taken to grow with them.
LISTED = 512
ROUNDS = 5

ENUMERATION = Goal("post_16_beside_enumeration", "ms", ratio_at_most(0.01))


def measure(installation: Installation) -> Iterator[Figure]:
    ours, listing = [], []
    with installation.tasker() as tasker, tasker.client() as client:
        for tenant in tasker.tenants[:ROUNDS]:
            ours.append(1000 * client.run(tenant, scan([NETWORK])).seconds)
            seconds = installation.celery_peer.enumerate(NETWORK, LISTED)
            listing.append(1000 * seconds * ADDRESSES / LISTED)
            time.sleep(0.1)
        tasker.stop_scans(tasker.tenants[:ROUNDS])
    yield ENUMERATION.figure(median(ours), beside=median(listing))


MEASUREMENT = Measurement("enumeration", (ENUMERATION,), measure)
