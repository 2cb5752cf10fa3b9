"""What a thousand listeners to the events of a scan in progress cost a replica, and those who ask it for something else."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_stack.ledger_server import Tenant

from ..errors import MeasurementError
from ..figure import Figure, Goal, at_most, ratio_at_most
from ..installation import Installation, Tasker
from ..measurement import Measurement
from ..memory import MEBIBYTE, ResidentPeak
from ..samples import median, percentile
from .results import prepared_results, with_ledger

LISTENERS = 1_000
ROUNDS = 6
SECONDS = 4
#: A second: results of the scan, and requests for the project's status.
RESULT_RATE, REQUEST_RATE = 100, 100

GROWTH = Goal("listeners_rss_growth", "MiB", at_most(64))
TAIL = Goal("listeners_p99", "ms", ratio_at_most(2))

_PROGRAM = Path(__file__).with_name("listeners_program.py")


def measure(installation: Installation) -> Iterator[Figure]:
    """Each round has a scan of its own: tasks that were taken from the queue count as lost after a while. In every other
    one the listeners come first."""
    alone, crowded = [], []
    with (
        with_ledger(installation, 0, 0, EVENT_STREAMS_PER_TOKEN=str(LISTENERS)) as (tasker, _),
        ResidentPeak(tasker.api.process) as memory,
    ):
        for number, tenant in enumerate(tasker.tenants[:ROUNDS]):
            with _scan_in_progress(installation, tasker, tenant):
                if number % 2 == 0:
                    alone.append(_request_tail(tasker, tenant))
                with _listening(tasker, tenant):
                    crowded.append(_request_tail(tasker, tenant))
                time.sleep(1)  # Those who have left are noticed with the next event.
                if number % 2 == 1:
                    alone.append(_request_tail(tasker, tenant))
    yield GROWTH.figure(memory.growth / MEBIBYTE)
    yield TAIL.figure(median(crowded), beside=median(alone))


@contextmanager
def _scan_in_progress(installation: Installation, tasker: Tasker, tenant: Tenant) -> Iterator[None]:
    file, _ = prepared_results(installation, tasker, tenant)
    with installation.amqp_peer.trickle(file, "tasker_results", f"tasker_results.{tenant.project}", RESULT_RATE):
        yield
    tasker.stop_scans([tenant])


def _request_tail(tasker: Tasker, tenant: Tenant) -> float:
    """The p99 of requests at a steady pace, in milliseconds, each from the moment when it was due."""
    samples = []
    with tasker.client() as client:
        begin = time.monotonic()
        for number in range(SECONDS * REQUEST_RATE):
            due = begin + number / REQUEST_RATE
            time.sleep(max(0, due - time.monotonic()))
            client.call("GET", tenant, "status")
            samples.append(time.monotonic() - due)
    return 1000 * percentile(samples, 99)


@contextmanager
def _listening(tasker: Tasker, tenant: Tenant) -> Iterator[None]:
    """Raises if a listener hears nothing."""
    command = [
        sys.executable, str(_PROGRAM), str(tasker.api.port), f"/tasks/{tenant.project}/events", str(LISTENERS),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            process.stdin.write(f"{tenant.token}\n")
            process.stdin.flush()
            if process.stdout.readline() != "ready\n":
                raise MeasurementError("not all can listen")
            yield
            heard, _ = process.communicate("end\n", timeout=10)
            if process.returncode != 0 or int(heard) < SECONDS:
                raise MeasurementError(f"a listener has heard {heard or 'no'} events")
        finally:
            process.kill()


MEASUREMENT = Measurement("listeners", (GROWTH, TAIL), measure)
