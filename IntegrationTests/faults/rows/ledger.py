"""S1 to S3: the ledger is away, refuses one host, or loses its answer."""

from __future__ import annotations

import random
import time

from ..checker import check
from ..installation import Installation, Layout
from ..network import UP, Link
from ..resident import ResidentMemory
from ..row import MEGABYTES, Limit, Observation, Row
from ..site import Site
from ..waiting import eventually

AWAY_SECONDS = 20.0
LONG_AWAY_SECONDS = 600.0
LONG_TARGETS = 2_000
#: What the allocator may keep beside what is needed.
_FLAT_MEGABYTES = 16.0
DRAINED, GROWTH = "drained", "growth"


def _answer_500(site: Site, links: list[Link]) -> None:
    site.ledger_fault(match=".", status=500)


def _refuse(site: Site, links: list[Link]) -> None:
    for link in links:
        link.cut()


def _hang(site: Site, links: list[Link]) -> None:
    for link in links:
        link.silence()


def _trickle(site: Site, links: list[Link]) -> None:
    for link in links:
        link.trickle()


_WAYS = (_answer_500, _refuse, _hang, _trickle)


def away(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Each trial takes another way to be away, in the middle of a scan."""
    with installation.site(Layout(seconds=0.2)) as site:
        links = [coordinator.ledger for coordinator in site.coordinators]
        first = chance.randrange(len(_WAYS))
        for trial in range(trials):
            scan = site.alice.submit(chance.randrange(60, 200), include_services=bool(trial % 2))
            time.sleep(chance.uniform(0.2, 1.5))
            site.note("ledger")
            _WAYS[(first + trial) % len(_WAYS)](site, links)
            time.sleep(AWAY_SECONDS)
            _drain(site, scan, links, observation)
        observation.check(check(site.journals()))


def long_away(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Away for ten minutes in the middle of a scan, in each of the ways for a quarter of that. Growth is that of the
    coordinators' memory from the second minute to the last one."""
    with installation.site(Layout(seconds=0.2, slots=16)) as site:
        links = [coordinator.ledger for coordinator in site.coordinators]
        for _ in range(trials):
            scan = site.alice.submit(LONG_TARGETS)
            eventually("some are through", lambda: site.alice.scan(scan)["done"] >= LONG_TARGETS // 4, 60)
            site.note("ledger")
            began = time.monotonic()
            # Never well in between.
            _answer_500(site, links)
            with ResidentMemory(coordinator.server.process for coordinator in site.coordinators) as memory:
                for way in chance.sample(_WAYS, len(_WAYS)):
                    _mend(links)
                    way(site, links)
                    time.sleep(LONG_AWAY_SECONDS / len(_WAYS))
                back = time.monotonic()
                _drain(site, scan, links, observation)
            minute = LONG_AWAY_SECONDS / 10
            early = memory.megabytes(began + minute, began + 2 * minute)
            observation.size("memory", memory.most())
            observation.size(GROWTH, memory.megabytes(back - minute, back) - early)
        observation.check(check(site.journals()))


def _drain(site: Site, scan: str, links: list[Link], observation: Observation) -> None:
    """Has the ledger come back; in the end each target is done. Progress cannot be read before: the API asks the ledger
    who may."""
    _mend(links)
    site.mend_ledger()
    back = time.monotonic()
    progress = site.alice.scan(scan)
    observation.count("waited for the ledger", progress["planned"] - progress["done"])
    progress = site.alice.finish(scan, 180)
    observation.time(DRAINED, time.monotonic() - back)
    observation.expect(progress["done"] == progress["planned"], f"{progress['done']} of {progress['planned']} are done")


def _mend(links: list[Link]) -> None:
    for link in links:
        # What was on its way when the ledger went away is lost: the other end has given it up.
        link.reset()
        link.mend()


def reply_lost(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """The stand-in applies an import and closes the connection; every other time the link is cut within the answer."""
    with installation.site(Layout(seconds=0.2)) as site:
        for trial in range(trials):
            count = chance.randrange(1, 24)
            if trial % 2:
                site.ledger_fault(match="/import", method="POST", drop_reply=True, times=1)
            scan = site.alice.submit(count)
            if not trial % 2:
                eventually("a finding", lambda: site.alice.scan(scan)["in_flight"], 10, 0.005)
                site.leader().ledger.cut_after(chance.randrange(60), "down")
            progress = site.alice.finish(scan)
            observation.expect(progress["done"] == count, f"{progress['done']} of {count} are done")
            site.mend_ledger()
            for coordinator in site.coordinators:
                coordinator.mend()
        journals = site.journals()
        observation.count("uncertain", sum(not entry.is_answered for entry in journals.imports))
        observation.check(check(journals))


def poison(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """One host of 200 that the ledger cannot read: on its way there, the address in its report becomes another text."""
    with installation.site(Layout(seconds=0.2, slots=16)) as site:
        for _ in range(trials):
            scan = site.alice.submit(200)
            victim = chance.choice(sorted(site.alice.accepted[-1].targets))
            good = f'addr="{victim}"'.encode()
            bad = good[:-2] + b'x"'
            for coordinator in site.coordinators:
                coordinator.ledger.rewrite(UP, lambda data: data.replace(good, bad))
            # The poison host may be the last; that takes the patience with an outage of writes.
            progress = site.alice.finish(scan, 240)
            for coordinator in site.coordinators:
                coordinator.ledger.rewrite(UP, None)
            ending = site.alice.ending(scan)
            observation.expect(
                (progress["done"], progress["failed"]) == (199, 1),
                f"{progress['done']} done and {progress['failed']} failed of 200")
            reason = next((reason for ip, _, reason in ending.report if ip == victim), None)
            outcome = ending.outcomes.get(victim)
            observation.expect(outcome == "failed", f"the poison host is {outcome}")
            observation.count(f"set aside as {reason}")
        observation.check(check(site.journals()))


ROWS = (
    Row("S1", "ScanLedger answers 500 to all, refuses, hangs, sends 1 B/s, for 20 s",
        "nothing lost, quarantined or rescanned; drained within 2 min", 4, 200, away, (Limit(DRAINED, 100, 120),),
        seconds=27),
    Row("S1L", f"ScanLedger away for 10 min in all these ways, in the middle of a scan of {LONG_TARGETS:,} targets",
        f"as S1; memory flat (within {_FLAT_MEGABYTES:g} MB)", 0, 1, long_away,
        (Limit(DRAINED, 100, 120), Limit(f"{GROWTH}{MEGABYTES}", 100, _FLAT_MEGABYTES)), seconds=690),
    Row("S2", "ScanLedger applied it but the reply was lost", "I3", 6, 200, reply_lost, seconds=1),
    Row("S3", "one poison report among 200 good ones", "199 imported, one set aside", 1, 100, poison, seconds=3),
)
