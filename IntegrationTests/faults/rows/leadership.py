"""L1 to L6: the leader dies, leaves, freezes, is cut off, or loses its lock."""

from __future__ import annotations

import random
import signal
import time
from dataclasses import replace

from ..checker import check
from ..epochs import LeaderWrite
from ..fake_clock import FakeClock
from ..installation import Installation, Layout
from ..row import Limit, Observation, Row
from ..site import LinkedCoordinator, Site
from ..network import DOWN, UP
from ..traffic import Traffic
from ..waiting import eventually

LEASE = 3.0
LAYOUT = Layout(seconds=0.3)
TAKEOVER = "takeover"
LAST_DEED = "last_deed"


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
    """It wakes while its successor still waits for the broker to give it up; in every fourth trial, after that."""
    with installation.site(LAYOUT) as site:
        traffic = Traffic(site.alice)
        for trial in range(trials):
            traffic.keep_up(100)
            time.sleep(chance.uniform(0.1, 1))
            victim, epoch = site.leader(), site.epoch()
            moment = site.note("leader")
            victim.signal(signal.SIGSTOP)
            try:
                term = site.next_term(epoch)
                observation.time("elected", term.began - moment)
                if trial % 4 == 3:
                    site.first_act(term.epoch, 30)
                time.sleep(max(0.0, moment + 2 * LEASE - time.time()))
            finally:
                victim.signal(signal.SIGCONT)
            observation.time(TAKEOVER, site.first_act(term.epoch, 30).time - moment)
            time.sleep(chance.uniform(0.5, 1.5))
            observation.expect(victim.server.process.is_running(), "the frozen leader ended when it woke")
        observation.check(check(site.journals()))


def partition(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """What counts is when the cut-off leader last did what no epoch can prevent: published a task, asked the ledger."""
    with installation.site(Layout(seconds=0.3, tap=True)) as site:
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
                term = site.next_term(epoch)
                observation.time("elected", term.began - moment)
                said = eventually("it says so", lambda: _stepped_down(victim, logged), 15)
                observation.time("said_so", said - moment)
            finally:
                victim.mend()
            deeds = [sent.time for sent in list(site.tap.dispatches) if sent.origin == victim.server.name]
            last = max([*deeds, victim.ledger.last_up, moment])
            observation.time(LAST_DEED, last - moment)
            observation.expect(last <= term.began, f"it acted {last - term.began:.2f} s into its successor's term")
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


def move_clock(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """A library moves what the leader, a standby, or Redis takes for the time of day."""
    clock, redis_clock = (FakeClock(installation.workspace.data(name)) for name in ("clock", "redis-clock"))
    with installation.redis_with(redis_clock.settings), installation.site(replace(LAYOUT, coordinators=1)) as site:
        fake = installation.add_coordinator(site, LAYOUT, clock.settings)
        traffic = Traffic(site.alice, size=350)
        for trial in range(trials):
            whose = ("leader", "standby", "Redis")[trial % 3]
            if whose != "Redis" and (site.leader() is fake) != (whose == "leader"):
                leaver = site.leader()
                site.note("leader")
                leaver.server.stop()
                site.leader(other_than=leaver)
                site.revive(leaver)
            traffic.keep_up(320)
            time.sleep(1)
            epoch, seen = site.epoch(), len(site.reign().writes)
            (redis_clock if whose == "Redis" else clock).move(chance.choice((3600, -3600)))
            stall = _longest_stall(site, 2 * LEASE)
            moved = any(map(_has_moved_time, site.reign().writes[seen:]))
            clock.move(0)
            redis_clock.move(0)
            stall = max(stall, _longest_stall(site, LEASE))
            observation.expect(site.epoch() == epoch, f"an election after the clock of the {whose} was moved")
            observation.time("longest_stall", stall)
            observation.expect(moved == (whose != "standby"), f"clock of the {whose}: seen moved {moved}")
            observation.count(f"{whose}'s clock moved")
        observation.check(check(site.journals()))


def _has_moved_time(write: LeaderWrite) -> bool:
    """Whether the leader's time of day, as it stands in a target's state, is half an hour off that of Redis or more."""
    fields = dict(zip(write.words[::2], write.words[1::2]))
    return "since" in fields and abs(int(fields["since"]) / 1000 - write.time) > 1800


def _longest_stall(site: Site, seconds: float) -> float:
    """For how long no scan moved on, by this process's clock."""
    longest, last, until = 0.0, time.monotonic(), time.monotonic() + seconds
    seen = len(site.reign().writes)
    while time.monotonic() < until:
        time.sleep(0.05)
        writes = site.reign().writes
        if any(write.key.startswith("tasker:scan:") for write in writes[seen:]):
            last = time.monotonic()
        seen = len(writes)
        longest = max(longest, time.monotonic() - last)
    return longest


ROWS = (
    Row("L1", "kill -9 the leader", "the new leader acts: p99 4 s, max 6 s", 3, 300, kill,
        (Limit(TAKEOVER, 99, 4.0), Limit(TAKEOVER, 100, 6.0)), seconds=5),
    Row("L2", "SIGTERM the leader", "p99 0.5 s", 3, 100, terminate, (Limit(TAKEOVER, 99, 0.5),), seconds=4,
        is_quiet=True),
    Row("L3", "SIGSTOP the leader for two leases, then SIGCONT", "I6; no double upload", 2, 300, freeze, seconds=11),
    Row("L4", "leader cut from Redis, one way and both", "it steps down before its lease ends; I6", 3, 100, partition,
        (Limit(LAST_DEED, 100, LEASE),), seconds=7),
    Row("L5", "wall clock of a coordinator or of Redis moved by an hour either way",
        "no election, no stall", 3, 50, move_clock, (Limit("longest_stall", 100, 2.5),), ("gcc",), seconds=17),
    Row("L6", "the lock key deleted", "I6", 3, 100, delete_lock, seconds=3),
)
