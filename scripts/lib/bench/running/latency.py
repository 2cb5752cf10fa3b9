"""How soon a worker has the task of a single host on an idle system, beside the round trips that this takes at least."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator

from ..client import scan
from ..errors import MeasurementError
from ..figure import Figure, Goal, at_most
from ..installation import Installation
from ..ledger_time import LedgerTime
from ..measurement import Measurement
from ..samples import median
from . import window

SAMPLES = 40
EXCHANGE, KEY = "nmap_exchange", "nmap.open_ports"

MEDIAN = Goal("latency_p50", "ms", at_most(10))


def measure(installation: Installation) -> Iterator[Figure]:
    delays = []
    settings = window.settings(1_000)
    with (
        installation.tasker(**settings) as tasker, installation.idle_worker(), tasker.client() as client,
        installation.amqp_peer.tap(EXCHANGE, KEY) as tap, LedgerTime(installation.ledger) as ledger,
    ):
        tenant = tasker.tenants[0]
        for number in range(SAMPLES):
            answer = client.run(tenant, scan([f"10.{number}.0.1"]))
            if not select.select([tap.stdout], [], [], 5)[0]:
                raise MeasurementError("a task did not come")
            seconds = float(tap.stdout.readline()) - answer.sent_at
            time.sleep(0.05)
            delays.append(1000 * (seconds - ledger.take(tenant)))
        tasker.stop_scans([tenant])
    round_trips = 1000 * (median(installation.amqp_peer.ping(SAMPLES)) + _redis_round_trip(installation))
    yield MEDIAN.figure(median(delays), beside=round_trips)


def _redis_round_trip(installation: Installation) -> float:
    samples = []
    with installation.redis_connection() as redis:
        for number in range(SAMPLES):
            started = time.monotonic()
            redis.call("SET", "bench:round-trip", number)
            samples.append(time.monotonic() - started)
        redis.call("DEL", "bench:round-trip")
    return median(samples)


MEASUREMENT = Measurement("latency", (MEDIAN,), measure)
