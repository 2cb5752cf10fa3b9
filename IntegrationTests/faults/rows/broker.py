"""B1 to B3: RabbitMQ dies, blocks, or refuses what it gets."""

from __future__ import annotations

import random
import time

from kombu import Connection

from ..checker import check, check_nothing_lost
from ..installation import Installation, Layout
from ..network import DOWN, UP
from ..row import Limit, Observation, Row
from ..site import Site
from ..traffic import Traffic

CAUGHT_UP, ANSWERED = "caught_up", "api_answered"
ALARM_SECONDS, BLACK_HOLE_SECONDS = 15.0, 60.0


def kill(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Killed while a scan of 60 targets is dispatched. Caught up: the scan's end, by the broker's return."""
    rabbitmq = installation.stack.rabbitmq
    with installation.site(Layout(seconds=0.2)) as site:
        for _ in range(trials):
            scan = site.alice.submit(60)
            time.sleep(chance.uniform(0, 1))
            site.note("broker")
            rabbitmq.process.kill()
            rabbitmq.start()
            rabbitmq.wait_until_ready()
            back = time.monotonic()
            site.note("broker")
            site.alice.finish(scan, 90)
            observation.time(CAUGHT_UP, time.monotonic() - back)
        journals = site.journals()
        observation.check(check(journals))
        observation.check(check_nothing_lost(journals))


def blocked(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """An alarm and a black hole in turn; the API is asked all the time."""
    with installation.site(Layout(seconds=0.2)) as site:
        for trial in range(trials):
            Traffic(site.alice, 60).keep_up()
            site.note("broker")
            seconds = BLACK_HOLE_SECONDS if trial % 2 else ALARM_SECONDS
            if trial % 2:
                for coordinator in site.coordinators:
                    coordinator.broker.silence()
            else:
                installation.rabbitmqctl("set_vm_memory_high_watermark", "0")
            try:
                _ask(site, seconds, chance, observation)
            finally:
                for coordinator in site.coordinators:
                    coordinator.mend()
                installation.rabbitmqctl("set_vm_memory_high_watermark", "0.4")
            site.note("broker")
        observation.check(check(site.journals()))


def _ask(site: Site, seconds: float, chance: random.Random, observation: Observation) -> None:
    scan = site.alice.accepted[-1].scan
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for path in (f"scans/{scan}", "status"):
            began = time.monotonic()
            answer = site.alice.get(path)
            observation.time(ANSWERED, time.monotonic() - began)
            observation.expect(answer.status_code == 200, f"{path} answered {answer.status_code}")
        time.sleep(chance.uniform(0.02, 0.1))


def refused(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Unroutable, refused for want of room, and a connection cut at any byte, in turn."""
    with installation.site(Layout(seconds=0.2)) as site, Connection(installation.stack.rabbitmq.url) as connection:
        channel = connection.channel()
        for trial in range(trials):
            scan = site.alice.submit(30, include_services=bool(trial % 2))
            time.sleep(chance.uniform(0, 0.4))
            way = ("unroutable", "cut_up", "refused", "cut_down")[trial % 4]
            observation.count(way)
            site.note("broker")
            if way == "unroutable":
                channel.queue_unbind("nmap_open_ports_queue", "nmap_exchange", "nmap.open_ports")
                time.sleep(1)
                channel.queue_bind("nmap_open_ports_queue", "nmap_exchange", "nmap.open_ports")
            elif way == "refused":
                _refuse_for_want_of_room(installation)
                time.sleep(1)
                installation.rabbitmqctl("clear_policy", "-p", "tasker", "full")
            else:
                direction = UP if way == "cut_up" else DOWN
                site.leader().broker.cut_after(chance.randrange(4_000), direction)
            site.alice.finish(scan, 90)
            site.note("broker")
        for coordinator in site.coordinators:
            observation.expect(coordinator.server.process.is_running(), f"{coordinator.server.name} ended")
        journals = site.journals()
        observation.check(check(journals))
        observation.check(check_nothing_lost(journals))


def _refuse_for_want_of_room(installation: Installation) -> None:
    """In two steps: a queue takes a new limit in before it knows what to do at it, and drops what waits there."""
    for length in (1_000_000, 1):
        limits = f'{{"max-length": {length}, "overflow": "reject-publish"}}'
        installation.rabbitmqctl("set_policy", "-p", "tasker", "full", "^nmap_", limits, "--apply-to", "queues")


ROWS = (
    Row("B1", "RabbitMQ kill -9 during dispatch", "no confirmed message lost; caught up within 30 s", 1, 100, kill,
        (Limit(CAUGHT_UP, 100, 30),), seconds=9),
    Row("B2", "broker blocked by an alarm (15 s), or black-holed (60 s)", "API p99 stays under 50 ms", 2, 50, blocked,
        (Limit(ANSWERED, 99, 0.05),), seconds=48, is_quiet=True),
    Row("B3", "unroutable, nack, frame cut at any byte", "nothing lost, no crash", 4, 200, refused, seconds=6),
)
