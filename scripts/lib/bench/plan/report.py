"""How fast the report of a /12 streams, and in how much memory."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

from local_stack.ledger_server import Tenant

from ..client import scan
from ..errors import MeasurementError
from ..figure import Figure, Goal, at_least, at_most
from ..installation import Installation, Tasker
from ..measurement import Measurement
from ..memory import MEBIBYTE, ResidentPeak
from ..samples import median

NETWORK = "10.16.0.0/12"
LINES = 2**20 - 2
ROUNDS = 5

RATE = Goal("report_12_rate", "lines/s", at_least(200_000))
MEMORY = Goal("report_12_api_rss_growth", "MiB", at_most(16))


def measure(installation: Installation) -> Iterator[Figure]:
    with installation.tasker() as tasker, tasker.client() as client:
        tenant = tasker.tenants[0]
        scan_id = client.run(tenant, scan([NETWORK])).document["scan_id"]
        with ResidentPeak(tasker.api.process) as memory:
            seconds = [_read(tasker, tenant, scan_id) for _ in range(ROUNDS)]
        tasker.stop_scans([tenant])
    yield RATE.figure(LINES / median(seconds))
    yield MEMORY.figure(memory.growth / MEBIBYTE)


def _read(tasker: Tasker, tenant: Tenant, scan_id: str) -> float:
    """The seconds that curl and `wc -l` take to read the whole report."""
    url = f"{tasker.api.url}/tasks/{tenant.project}/scans/{scan_id}/report"
    started = time.monotonic()
    curl = subprocess.Popen(
        ["curl", "--silent", "--show-error", "--fail", "--max-time", "60", "--header", "@-", url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    counter = subprocess.Popen(["wc", "-l"], stdin=curl.stdout, stdout=subprocess.PIPE)
    curl.stdout.close()
    curl.stdin.write(f"Authorization: Bearer {tenant.token}\n".encode())
    curl.stdin.close()
    lines = int(counter.communicate()[0])
    seconds = time.monotonic() - started
    message = curl.stderr.read().decode().strip()
    if curl.wait() != 0 or lines != LINES:
        raise MeasurementError(f"the report has {lines} lines instead of {LINES}: {message or 'curl did not fail'}")
    return seconds


MEASUREMENT = Measurement("report", (RATE, MEMORY), measure)
