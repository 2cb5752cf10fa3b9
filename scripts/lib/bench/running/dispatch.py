"""Targets a second from a POST to the broker's confirmations, beside the broker's own rate and Celery's client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..client import scan
from ..figure import Figure, Goal, ratio_at_least
from ..installation import Installation, Tasker
from ..measurement import Measurement
from ..samples import median
from . import window

IN_FLIGHT = 4_000
ROUNDS = 5
CELERY_TASKS = 2_000
CONFIRMED_CELERY_TASKS = 500
QUEUE = "nmap_open_ports_queue"

RATE = Goal("dispatch", "targets/s", ratio_at_least(0.9))
BESIDE_CELERY = Goal("dispatch_beside_celery", "targets/s", ratio_at_least(5))
BESIDE_CONFIRMED_CELERY = Goal("dispatch_beside_celery_with_confirms", "targets/s", ratio_at_least(10))


def measure(installation: Installation) -> Iterator[Figure]:
    ours, publisher = [], []
    with _prepared(installation) as tasker:
        for _ in range(ROUNDS):
            with _dispatched(installation, tasker) as rate:
                ours.append(rate)
                publisher.append(IN_FLIGHT / installation.amqp_peer.publish(QUEUE, IN_FLIGHT, IN_FLIGHT))
    yield RATE.figure(median(ours), beside=median(publisher))


def measure_beside_celery(installation: Installation) -> Iterator[Figure]:
    ours, plain, confirmed = [], [], []
    celery = installation.celery_peer
    with _prepared(installation) as tasker:
        for _ in range(ROUNDS):
            with _dispatched(installation, tasker) as rate:
                ours.append(rate)
            plain.append(CELERY_TASKS / celery.send(CELERY_TASKS, confirms=False))
            confirmed.append(CONFIRMED_CELERY_TASKS / celery.send(CONFIRMED_CELERY_TASKS, confirms=True))
    yield BESIDE_CELERY.figure(median(ours), beside=median(plain))
    yield BESIDE_CONFIRMED_CELERY.figure(median(ours), beside=median(confirmed))


@contextmanager
def _prepared(installation: Installation) -> Iterator[Tasker]:
    """With a first round, untimed."""
    with installation.tasker(**window.settings(IN_FLIGHT)) as tasker, installation.idle_worker():
        with _dispatched(installation, tasker):
            pass
        yield tasker


@contextmanager
def _dispatched(installation: Installation, tasker: Tasker) -> Iterator[float]:
    """The rate at which the window of a new scan fills; the scan is there until the end."""
    tenant = tasker.tenants[0]
    with tasker.client() as client:
        answer = client.run(tenant, scan(["10.0.0.0/8"]))
        last = window.wait_until_filled(installation, answer.document["scan_id"], IN_FLIGHT)
    yield IN_FLIGHT / (last - answer.sent_at)
    tasker.stop_scans([tenant])


MEASUREMENT = Measurement("dispatch", (RATE,), measure)
BESIDE_CELERY_MEASUREMENT = Measurement(
    "dispatch-peer", (BESIDE_CELERY, BESIDE_CONFIRMED_CELERY), measure_beside_celery)
