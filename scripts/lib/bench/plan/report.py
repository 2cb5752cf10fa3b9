"""How fast the report of a /12 streams, and in how much memory; and that of a /8 to a slow reader."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

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
#: What the kernel's buffers hold of it is a small part.
LARGE_NETWORK = "10.0.0.0/8"
SLOW_RATE = "1M"
SLOW_SECONDS = 3
GAVE_UP = 28  # curl's exit status where the time of --max-time is over.
GZIP = b"\x1f\x8b"

RATE = Goal("report_12_rate", "lines/s", at_least(200_000))
MEMORY = Goal("report_12_api_rss_growth", "MiB", at_most(16))
SLOW_MEMORY = Goal("report_gzip_slow_reader_rss_growth", "MiB", at_most(16))


def measure(installation: Installation) -> Iterator[Figure]:
    with _report(installation, NETWORK) as (tasker, tenant, scan_id), ResidentPeak(tasker.api.process) as memory:
        seconds = [_read(tasker, tenant, scan_id) for _ in range(ROUNDS)]
    yield RATE.figure(LINES / median(seconds))
    yield MEMORY.figure(memory.growth / MEBIBYTE)
    with _report(installation, LARGE_NETWORK) as (tasker, tenant, scan_id), ResidentPeak(tasker.api.process) as memory:
        _give_up(tasker, tenant, scan_id)
    yield SLOW_MEMORY.figure(memory.growth / MEBIBYTE)


@contextmanager
def _report(installation: Installation, network: str) -> Iterator[tuple[Tasker, Tenant, str]]:
    """A new process of the API, which has no memory left over from before, and a scan with a report."""
    with installation.tasker() as tasker, tasker.client() as client:
        tenant = tasker.tenants[0]
        yield tasker, tenant, client.run(tenant, scan([network])).document["scan_id"]
        tasker.stop_scans([tenant])


def _read(tasker: Tasker, tenant: Tenant, scan_id: str) -> float:
    """The seconds that curl and `wc -l` take to read the whole report."""
    started = time.monotonic()
    curl = subprocess.Popen(
        _curl(tasker, tenant, scan_id, "--max-time", "60"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    counter = subprocess.Popen(["wc", "-l"], stdin=curl.stdout, stdout=subprocess.PIPE)
    curl.stdout.close()
    curl.stdin.write(_credentials(tenant))
    curl.stdin.close()
    lines = int(counter.communicate()[0])
    seconds = time.monotonic() - started
    message = curl.stderr.read().decode().strip()
    if curl.wait() != 0 or lines != LINES:
        raise MeasurementError(f"the report has {lines} lines instead of {LINES}: {message or 'curl did not fail'}")
    return seconds


def _give_up(tasker: Tasker, tenant: Tenant, scan_id: str) -> None:
    """Reads the compressed report slower than it is made, and hangs up before its end."""
    options = "--header", "Accept-Encoding: gzip", "--limit-rate", SLOW_RATE, "--max-time", str(SLOW_SECONDS)
    curl = subprocess.run(
        _curl(tasker, tenant, scan_id, *options), input=_credentials(tenant), capture_output=True, check=False)
    if curl.returncode != GAVE_UP or not curl.stdout.startswith(GZIP):
        message = curl.stderr.decode().strip()
        raise MeasurementError(f"curl read {len(curl.stdout)} bytes and did not give up: {message or 'no message'}")


def _curl(tasker: Tasker, tenant: Tenant, scan_id: str, *options: str) -> list[str]:
    """The command that reads the report; it gets the credentials as its input."""
    url = f"{tasker.api.url}/tasks/{tenant.project}/scans/{scan_id}/report"
    return ["curl", "--silent", "--show-error", "--fail", "--header", "@-", *options, url]


def _credentials(tenant: Tenant) -> bytes:
    return f"Authorization: Bearer {tenant.token}\n".encode()


MEASUREMENT = Measurement("report", (RATE, MEMORY, SLOW_MEMORY), measure)
