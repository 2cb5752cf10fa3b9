"""How long a POST of a /16 takes until its plan is there, and how long one of a /8."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from local_stack.ledger_server import Tenant

from ..client import Client, scan
from ..errors import MeasurementError
from ..figure import Figure, Goal, at_most, ratio_at_most
from ..installation import Installation, Tasker
from ..ledger_time import LedgerTime
from ..measurement import Measurement
from ..samples import median, percentile

REQUESTS = 440
#: Projects for each size. Each has one active scan at most, so that nothing is refused as already in queue.
PROJECTS = 11

SMALL_MEDIAN = Goal("post_16_p50", "ms", at_most(25))
SMALL_TAIL = Goal("post_16_p99", "ms", at_most(100))
LARGE_MEDIAN = Goal("post_8_p50", "ms", ratio_at_most(2))
LARGE_TAIL = Goal("post_8_p99", "ms", ratio_at_most(2))


@dataclass
class Size:
    """Requests for one network, and how long each took without ScanLedger's part."""

    network: str
    addresses: int
    tenants: list[Tenant]
    milliseconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.request = scan([self.network])

    def post(self, tenant: Tenant, client: Client, ledger: LedgerTime) -> float:
        answer = client.run(tenant, self.request)
        if answer.document["summary"]["sent_to_scan"] != self.addresses:
            raise MeasurementError(f"a scan of {self.network} is not all planned: {answer.document['summary']}")
        return 1000 * (answer.seconds - ledger.take(tenant))


def measure(installation: Installation) -> Iterator[Figure]:
    with installation.tasker() as tasker, LedgerTime(installation.ledger) as ledger:
        tenants = tasker.tenants
        small = Size("10.20.0.0/16", 2**16 - 2, tenants[:PROJECTS])
        large = Size("10.0.0.0/8", 2**24 - 2, tenants[PROJECTS:2 * PROJECTS])
        _post_all(tasker, (small, large), ledger)
        for size in (small, large):
            size.milliseconds.clear()
        while len(small.milliseconds) < REQUESTS:
            _post_all(tasker, (small, large), ledger)
        calls = ledger.calls
    installation.progress(f"  ScanLedger was called {len(calls)} times, {1000 * median(calls):.1f} ms each")
    yield SMALL_MEDIAN.figure(median(small.milliseconds))
    yield SMALL_TAIL.figure(percentile(small.milliseconds, 99))
    yield LARGE_MEDIAN.figure(median(large.milliseconds), beside=median(small.milliseconds))
    yield LARGE_TAIL.figure(percentile(large.milliseconds, 99), beside=percentile(small.milliseconds, 99))


def _post_all(tasker: Tasker, sizes: tuple[Size, Size], ledger: LedgerTime) -> None:
    """Posts for each project, the sizes alternating, and stops all of it again."""
    with tasker.client() as client:
        for tenants in zip(*(size.tenants for size in sizes), strict=True):
            for size, tenant in zip(sizes, tenants):
                size.milliseconds.append(size.post(tenant, client, ledger))
    tasker.stop_scans([tenant for size in sizes for tenant in size.tenants])
    ledger.skip()


MEASUREMENT = Measurement("accept", (SMALL_MEDIAN, SMALL_TAIL, LARGE_MEDIAN, LARGE_TAIL), measure)
