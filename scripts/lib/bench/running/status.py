"""Status requests a second with ten active scans, beside a route that does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from local_stack.ledger_server import Tenant
from local_stack.server import Server, accepts_connections

from ..client import scan
from ..figure import Figure, Goal, at_most, ratio_at_least
from ..installation import Installation, Tasker
from ..measurement import Measurement
from ..samples import median
from .load import load

SCANS = 10
ROUNDS = 5
SECONDS = 3

RATE = Goal("status", "requests/s", ratio_at_least(0.5))
TAIL = Goal("status_p99", "ms", at_most(10))


class BareRoute(Server):
    """One route of Hummingbird."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation.workspace, "bare-route", installation.ports.take("bare-route"))
        self._program = installation.programs / "BareRoute"

    def command(self) -> list[str]:
        return [str(self._program), str(self.port)]

    def is_ready(self) -> bool:
        return accepts_connections("127.0.0.1", self.port)


def post_scans(tasker: Tasker, tenant: Tenant) -> None:
    """Ten scans that nobody takes."""
    with tasker.client() as client:
        for number in range(SCANS):
            client.run(tenant, scan([f"10.{number}.0.0/16"]))


def measure(installation: Installation) -> Iterator[Figure]:
    bare = BareRoute(installation)
    ours, nothing = [], []
    with installation.tasker() as tasker, installation.running(bare):
        tenant = tasker.tenants[0]
        post_scans(tasker, tenant)
        url = f"{tasker.api.url}/tasks/{tenant.project}/status"
        load(url, seconds=1, tenant=tenant)
        for _ in range(ROUNDS):
            ours.append(load(url, SECONDS, tenant=tenant))
            nothing.append(load(f"http://127.0.0.1:{bare.port}/", SECONDS))
        tasker.stop_scans([tenant])
    yield RATE.figure(
        median([sample.requests_per_second for sample in ours]),
        beside=median([sample.requests_per_second for sample in nothing]))
    yield TAIL.figure(median([sample.p99_milliseconds for sample in ours]))


MEASUREMENT = Measurement("status", (RATE, TAIL), measure)
