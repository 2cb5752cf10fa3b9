"""Runs with one defence taken away from outside: the checker must find what it prevented, else a row proves nothing.

The product has no switches for its defences. So they are taken away around it: a proxy changes what Redis, the broker
or the ledger are told, a worker does not do as it is told, or a server runs without what it was set to.
"""

from __future__ import annotations

import random
import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from .checker import Violation, check, check_nothing_lost
from .installation import Installation, Layout
from .network import NEITHER, UP
from .row import Observation
from .traffic import Traffic
from .waiting import eventually


@dataclass(frozen=True)
class Defence:
    """`invariants` are those of which at least one must be found violated."""

    name: str
    taken_away: str
    row: str
    invariants: frozenset[str]
    violate: Callable[[Installation, random.Random], list[Violation]]
    packages: tuple[str, ...] = ()
    seconds: float = 30.0
    is_quiet: bool = False
    expects_violations: ClassVar[bool] = True

    def run(self, installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
        for _ in range(trials):
            observation.check(self.violate(installation, chance))

    def result(self, trials: int, seed: int, observation: Observation) -> dict[str, object]:
        """As it stands in the JSON file: ok where the checker found what it had to find."""
        kinds = sorted({violation.partition(":")[0] for violation in observation.violations})
        return {
            "row": self.row,
            "defence": self.name,
            "trials": trials,
            "seed": seed,
            "ok": bool(self.invariants.intersection(kinds)),
            "figure": f"the checker finds {' or '.join(sorted(self.invariants))}",
            "observed": {**observation.summary(), "of": kinds},
            "bound": "one run",
        }


def _without_aof(installation: Installation, chance: random.Random) -> list[Violation]:
    """R1 with writes that Redis has only in memory."""
    redis = installation.stack.redis
    with installation.site(Layout(seconds=0.2)) as site:
        installation.redis("CONFIG", "SET", "appendonly", "no")
        lost = installation.redis("HGET", "tasker:installation", "id")
        site.alice.submit(40)
        time.sleep(0.5)
        redis.process.send(signal.SIGKILL)
        eventually("Redis is dead", lambda: not redis.process.is_running(), 5)
        for file in redis.data.glob("appendonlydir/*"):
            file.unlink()
        redis.start()
        redis.wait_until_ready()
        site.give_up(lost)
        time.sleep(2)
        # The API answers 404 for what is gone, now that somebody has said that it is.
        return check(site.written())


def _without_fence(installation: Installation, chance: random.Random) -> list[Violation]:
    """L3 where the scripts that reach Redis do not compare the epoch."""
    with installation.site(Layout(seconds=0.3)) as site:
        for coordinator in site.coordinators:
            coordinator.redis.rewrite(UP, _strip_fence)
        installation.redis("SCRIPT", "FLUSH")
        Traffic(site.alice).keep_up()
        time.sleep(1)
        victim = site.leader()
        site.note("leader")
        victim.signal(signal.SIGSTOP)
        site.leader(other_than=victim)
        victim.signal(signal.SIGCONT)
        return check(site.journals())


_FENCE = re.compile(rb"if lock\[1\] ~= ARGV\[1\] or lock\[2\] ~= ARGV\[2\] then")


def _strip_fence(script: bytes) -> bytes:
    return _FENCE.sub(lambda match: b"if false then".ljust(len(match[0])), script)


def _without_tombstones(installation: Installation, chance: random.Random) -> list[Violation]:
    """X1 with workers that do not listen to what is revoked, neither at their start nor later."""
    with installation.site(Layout(behaviour="deaf", tap=True)) as site:
        scan = site.alice.submit(80)
        eventually("workers are busy", lambda: len(site.tap.dispatches) >= 16, 10)
        site.alice.stop()
        site.tap.send_again(site.alice.cancelled(scan))
        time.sleep(2)
        return check(site.written())


def _without_confirms(installation: Installation, chance: random.Random) -> list[Violation]:
    """B1 with a broker that confirms what it does not keep: on its way there, a message's routing key becomes one that
    leads nowhere, and the demand to return it is dropped."""
    with installation.site(Layout(seconds=0.2)) as site:
        for coordinator in site.coordinators:
            coordinator.broker.rewrite(UP, lambda data: data.replace(_ROUTED, _LOST))
        scan = site.alice.submit(16)
        time.sleep(2)
        for coordinator in site.coordinators:
            coordinator.broker.rewrite(UP, None)
        site.alice.finish(scan, 90)
        return check_nothing_lost(site.written())


_ROUTED = b"\x0dnmap_exchange\x0fnmap.open_ports\x01"
_LOST = b"\x0dnmap_exchange\x0fnmap.noone_home\x00"


def _without_read_back(installation: Installation, chance: random.Random) -> list[Violation]:
    """S2 where a look at a host in the ledger finds another one, which is not there."""
    with installation.site(Layout(seconds=0.2)) as site:
        for coordinator in site.coordinators:
            coordinator.ledger.rewrite(UP, lambda data: _READ.sub(rb"\g<1>203.0.113.9", data))
        site.ledger_fault(match="/import", method="POST", drop_reply=True, times=1)
        site.alice.finish(site.alice.submit(5))
        return check(site.written())


_READ = re.compile(rb"(GET /projects/[-0-9a-f]+/ips/)[0-9.]+")


def _without_deduplication(installation: Installation, chance: random.Random) -> list[Violation]:
    """Redis carries out scripts that write outcomes, but the replies of some never arrive, so they are called again; and
    it takes every task for its target's current one, whatever has become of it."""
    with installation.site(Layout(seconds=0.2)) as site:
        for coordinator in site.coordinators:
            coordinator.redis.rewrite(UP, _always_current)
        installation.redis("SCRIPT", "FLUSH")
        site.alice.submit(120)
        link = site.leader().redis
        for _ in range(3):
            link.lose_reply(_WRITES_OUTCOMES)
            eventually("the reply is kept back", link.is_silent, 10)
            time.sleep(0.1)
            link.reset()
            link.silence(NEITHER)
        return check(site.journals(20))


# A script that was rewritten has another digest, so it is sent in full each time.
_WRITES_OUTCOMES = b"-- Writes outcomes, in the one place"
_STATE = re.compile(rb"if task\[1\] == phase and task\[2\] == attempt then return task\[3\] end")


def _always_current(script: bytes) -> bytes:
    return _STATE.sub(lambda match: b"do return 'started' end".ljust(len(match[0])), script)


DEFENCES = (
    Defence("AOF", "Redis keeps nothing on disk and is killed", "R1", frozenset({"I1"}), _without_aof),
    Defence("epoch check", "the leaders' scripts do not compare the epoch (rewritten on their way to Redis)", "L3",
            frozenset({"I6"}), _without_fence),
    Defence("tombstones", "workers ignore what is revoked", "X1", frozenset({"I5"}), _without_tombstones),
    Defence("confirms", "the broker confirms what it loses (rewritten on its way there)", "B1", frozenset({"loss"}),
            _without_confirms),
    Defence("reading back", "the ledger never shows what an import without an answer did", "S2", frozenset({"I3"}),
            _without_read_back),
    Defence("deduplication", "Redis takes every task for its target's current one (scripts rewritten)", "W4",
            frozenset({"I1", "I3"}), _without_deduplication),
)
