"""N, X3, X3L and X4: nothing broken; much at once, for long."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from functools import partial

from ..checker import check, check_nothing_lost
from ..installation import Installation, Layout
from ..network import BOTH, DOWN, UP
from ..row import Observation, Row
from ..site import Site
from ..traffic import Traffic

#: The specification has the second number, ten times.
TARGETS, ALL_TARGETS = 10_000, 100_000
_KILL_EVERY = 10.0
#: How long a target may take on the whole, and a scan beside.
_TARGET_SECONDS, _SCAN_SECONDS = 0.03, 120.0


def calm(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """The control: nothing is broken, so nothing may happen twice; new projects, and workers that answer at once."""
    for _ in range(trials):
        with installation.site(Layout(seconds=0.001)) as site:
            for user in (site.alice, site.bob):
                user.submit(chance.randrange(1, 40), include_services=chance.random() < 0.5)
            journals = site.journals()
            observation.check(check(journals))
            observation.check(check_nothing_lost(journals))


def many(
    targets: int, installation: Installation, trials: int, chance: random.Random, observation: Observation
) -> None:
    """A scan of two phases, by fast workers; the leader is killed every 10 s until it ends."""
    longest = _SCAN_SECONDS + targets * _TARGET_SECONDS
    for _ in range(trials):
        with installation.site(Layout(seconds=0.3, slots=64)) as site:
            scan = site.alice.submit(targets, include_services=True)
            began = time.monotonic()
            while (progress := site.alice.scan(scan))["state"] == "running" and time.monotonic() - began < longest:
                time.sleep(_KILL_EVERY)
                victim = site.leader()
                site.kill(victim)
                observation.count("leaders killed")
                site.revive(victim)
            observation.time("scan", time.monotonic() - began)
            observation.count("targets done", progress["done"])
            left = targets - progress["done"] - progress["failed"]
            if left:
                observation.expect(False, f"{left} targets were not through after {longest:g} s of leaders that die")
                continue
            journals = site.journals()
            for _, outcome, reason in (line for ending in journals.endings for line in ending.report):
                if outcome == "failed":
                    observation.count(f"failed as {reason}")
            observation.check(check(journals))


def mixture(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Each trial is one fault, chosen by the seed, and mended a little later; two projects scan all the time."""
    with installation.site(Layout(seconds=0.3, workers=3, tap=True)) as site:
        alice, bob = Traffic(site.alice, 80), Traffic(site.bob, 80)
        for _ in range(trials):
            alice.keep_up(40)
            bob.keep_up(40)
            fault = chance.choice(_FAULTS)
            observation.count(fault.__name__.strip("_"))
            mend = fault(site, chance)
            time.sleep(chance.uniform(0.2, 5))
            mend()
            time.sleep(chance.uniform(0, 2))
        observation.check(check(site.journals(180)))


def _leader_killed(site: Site, chance: random.Random) -> Callable[[], None]:
    victim = site.leader()
    site.kill(victim)
    return lambda: site.revive(victim)


def _leader_frozen(site: Site, chance: random.Random) -> Callable[[], None]:
    victim = site.leader()
    site.note("leader")
    victim.signal(signal.SIGSTOP)
    return lambda: victim.signal(signal.SIGCONT)


def _link_broken(site: Site, chance: random.Random) -> Callable[[], None]:
    coordinator = chance.choice(site.coordinators)
    link = chance.choice([coordinator.redis, coordinator.broker, coordinator.ledger])
    site.note("leader")
    how = chance.randrange(4)
    if how == 0:
        link.cut()
    elif how == 1:
        link.silence(chance.choice([BOTH, frozenset({UP}), frozenset({DOWN})]))
    elif how == 2:
        link.delay(chance.uniform(0.01, 1))
    else:
        link.cut_after(chance.randrange(2_000), chance.choice([UP, DOWN]))

    def mend() -> None:
        link.reset()
        link.mend()

    return mend


def _ledger_ill(site: Site, chance: random.Random) -> Callable[[], None]:
    site.note("ledger")
    rule = chance.choice([
        {"status": 500}, {"status": 503}, {"drop_reply": True, "times": 3}, {"delay": 0.5},
    ])
    site.ledger_fault(match=chance.choice([".", "/import"]), **rule)
    return site.mend_ledger


def _worker_killed(site: Site, chance: random.Random) -> Callable[[], None]:
    victim = chance.choice(site.workers)
    site.kill_worker(victim)
    return victim.start


def _project_stopped(site: Site, chance: random.Random) -> Callable[[], None]:
    chance.choice([site.alice, site.bob]).stop()
    return lambda: None


_FAULTS = (_leader_killed, _leader_frozen, _link_broken, _link_broken, _ledger_ill, _worker_killed, _project_stopped)

ROWS = (
    Row("N", "none: a project's first scan, answered at once", "everything once", 1, 20, calm, seconds=9),
    Row("X3", f"{TARGETS:,} targets, the leader killed every 10 s", "I1-I4", 1, 10, partial(many, TARGETS),
        seconds=130, is_quiet=True),
    Row("X3L", f"{ALL_TARGETS:,} targets, the leader killed every 10 s", "I1-I4", 0, 1, partial(many, ALL_TARGETS),
        seconds=1_000, is_quiet=True),
    Row("X4", "random mixture, seeded", "no violation", 3, 200, mixture, seconds=6),
)
