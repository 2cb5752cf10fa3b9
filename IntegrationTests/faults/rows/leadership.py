"""L1 to L6: the leader dies, leaves, freezes, is cut off, or loses its lock."""

from __future__ import annotations

import random
import signal
import time

from ..checker import check
from ..installation import Installation, Layout
from ..row import Limit, Observation, Row
from ..site import LinkedCoordinator, Site
from ..network import DOWN, UP
from ..traffic import Traffic
from ..waiting import eventually

LEASE = 3.0
LAYOUT = Layout(seconds=0.3)
TAKEOVER = "takeover"


def _measure_takeover(site: Site, observation: Observation, before: int, moment: float) -> None:
    """From the fault to the next term, and to its first write about a scan."""
    term = site.next_term(before)
    observation.time("elected", term.began - moment)
    observation.time(TAKEOVER, site.first_act(term.epoch).time - moment)


def kill(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    with installation.site(LAYOUT) as site:
        traffic = Traffic(site.alice)
        for _ in range(trials):
            traffic.keep_up()
            time.sleep(chance.uniform(0.3, 1.5))
            victim, epoch = site.leader(), site.epoch()
            moment = site.kill(victim)
            _measure_takeover(site, observation, epoch, moment)
            site.revive(victim)
        observation.check(check(site.journals()))


def terminate(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    with installation.site(LAYOUT) as site:
        traffic = Traffic(site.alice)
        for _ in range(trials):
            traffic.keep_up()
            time.sleep(chance.uniform(0.3, 1.5))
            victim, epoch = site.leader(), site.epoch()
            moment = site.note("leader")
            victim.signal(signal.SIGTERM)
            _measure_takeover(site, observation, epoch, moment)
            eventually("it ends", lambda: not victim.server.process.is_running(), 15)
            site.revive(victim)
        observation.check(check(site.journals()))


def freeze(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    with installation.site(LAYOUT) as site:
        traffic = Traffic(site.alice)
        for _ in range(trials):
            traffic.keep_up(100)
            time.sleep(chance.uniform(0.1, 1))
            victim, epoch = site.leader(), site.epoch()
            moment = site.note("leader")
            victim.signal(signal.SIGSTOP)
            try:
                _measure_takeover(site, observation, epoch, moment)
                time.sleep(max(0.0, moment + 2 * LEASE - time.time()))
            finally:
                victim.signal(signal.SIGCONT)
            time.sleep(chance.uniform(0.5, 1.5))
            observation.expect(victim.server.process.is_running(), "the frozen leader ended when it woke")
        observation.check(check(site.journals()))



def partition(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    with installation.site(LAYOUT) as site:
        traffic = Traffic(site.alice)
        for trial in range(trials):
            traffic.keep_up(100)
            time.sleep(chance.uniform(0.1, 1))
            victim, epoch = site.leader(), site.epoch()
            logged = _log_size(victim)
            directions = (frozenset({UP}), frozenset({DOWN}), frozenset({UP, DOWN}))[trial % 3]
            moment = site.note("leader")
            victim.redis.silence(directions)
            try:
                stepped_down = eventually("it steps down", lambda: _stepped_down(victim, logged), 10)
                observation.time("stepped_down", stepped_down - moment)
                term = site.next_term(epoch)
                observation.time("elected", term.began - moment)
                observation.expect(
                    stepped_down <= term.began, f"it led for {stepped_down - term.began:.2f} s beside its successor")
            finally:
                victim.mend()
            time.sleep(chance.uniform(1, 2))
        observation.check(check(site.journals()))


def _log_size(coordinator: LinkedCoordinator) -> int:
    with open(coordinator.server.process.log, "rb") as log:
        return log.seek(0, 2)


def _stepped_down(coordinator: LinkedCoordinator, since: int) -> float | None:
    """The moment, where its log says since then that it does not lead any more."""
    with open(coordinator.server.process.log, "rb") as log:
        log.seek(since)
        return time.time() if b"not leading any more" in log.read() else None


def delete_lock(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    with installation.site(LAYOUT) as site:
        traffic = Traffic(site.alice)
        for _ in range(trials):
            traffic.keep_up(100)
            time.sleep(chance.uniform(0.3, 1.5))
            site.leader()
            epoch = site.epoch()
            moment = site.note("leader")
            installation.redis("DEL", "tasker:lock")
            _measure_takeover(site, observation, epoch, moment)
        observation.check(check(site.journals()))


ROWS = (
    Row("L1", "kill -9 the leader", "the new leader acts: p99 4 s, max 6 s", 5, 300, kill,
        (Limit(TAKEOVER, 99, 4.0), Limit(TAKEOVER, 100, 6.0))),
    Row("L2", "SIGTERM the leader", "p99 0.5 s", 5, 100, terminate, (Limit(TAKEOVER, 99, 0.5),)),
    Row("L3", "SIGSTOP the leader for two leases, then SIGCONT", "I6; no double upload", 3, 300, freeze),
    Row("L4", "leader cut from Redis, one way and both", "it steps down before its lease ends; I6", 3, 100, partition,
        (Limit("stepped_down", 100, LEASE),)),
    Row("L6", "the lock key deleted", "I6", 5, 100, delete_lock),
)
