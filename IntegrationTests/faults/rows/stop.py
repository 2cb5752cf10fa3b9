"""X1 and X2: stops that race everything else."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..celery_journal import CeleryJournal
from ..checker import check
from ..installation import Installation, Layout
from ..journals import Receipt
from ..row import Observation, Row
from ..site import Site
from ..waiting import eventually

#: What started by mistake would have been seen by then: longer than a worker takes to come up and take a task.
_AFTERMATH = 2.0


def _stop(site: Site) -> tuple[threading.Thread, list[Receipt]]:
    receipts: list[Receipt] = []
    thread = threading.Thread(target=lambda: receipts.append(site.alice.stop()), daemon=True)
    thread.start()
    return thread, receipts


def restarts(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Scripted workers in most trials, real Celery in every tenth, in a site of their own. After each stop the messages of
    what it gave up come once more."""
    celery = max(1, round(trials / 10))
    _restarts_scripted(installation, trials - celery, chance, observation)
    _restarts_celery(installation, celery, chance, observation)


def _restarts_scripted(
    installation: Installation, trials: int, chance: random.Random, observation: Observation
) -> None:
    with installation.site(Layout(seconds=0.5, tap=True)) as site:
        for trial in range(trials):
            site.bob.submit(10)
            scan = site.alice.submit(chance.randrange(40, 120), include_services=bool(trial % 2))
            time.sleep(chance.uniform(0, 1.5))
            early = chance.random() < 0.5
            if early:
                _restart_workers(site)
                time.sleep(chance.uniform(0, 1.4))
            thread, receipts = _stop(site)
            if not early:
                time.sleep(chance.uniform(0, 0.3))
                _restart_workers(site)
            thread.join(60)
            _judge(receipts, observation)
            observation.count("sent again", site.tap.send_again(site.alice.cancelled(scan)))
            for worker in site.workers:
                worker.wait_until_ready()
            time.sleep(_AFTERMATH)
        observation.check(check(site.journals()))


def _restarts_celery(
    installation: Installation, trials: int, chance: random.Random, observation: Observation
) -> None:
    """Real Celery workers, killed and started again at random moments before, during and after the stop. In every second
    trial the leader dies with its answer, so that for a while nobody tells workers what to refuse."""
    journal = CeleryJournal(installation.workspace.data("journals") / f"celery-{time.time_ns()}")
    layout = Layout(workers=0, celery_workers=2, tap=True, worker_settings=journal.settings(seconds=1.5))
    with installation.site(layout) as site:
        for trial in range(trials):
            seen = len(journal.entries(site.alice.accepted))
            scan = site.alice.submit(chance.randrange(20, 40))
            eventually("nmap runs", lambda: len(journal.entries(site.alice.accepted)) > seen, 15)
            with _killing(site, random.Random(chance.random()), observation):
                time.sleep(chance.uniform(0, 4))
                thread, receipts = _stop(site)
                thread.join(60)
                _judge(receipts, observation)
                victim = site.leader() if trial % 2 == 0 else None
                if victim is not None:
                    site.kill(victim)
                observation.count("sent again", site.tap.send_again(site.alice.cancelled(scan)))
                time.sleep(chance.uniform(1, 5))
            if victim is not None:
                site.revive(victim)
            for worker in site.celery_workers:
                worker.wait_until_ready()
            time.sleep(_AFTERMATH)
            left = journal.running(site.alice.accepted[-1].targets)
            observation.expect(not left, f"{len(left)} nmap processes are left after the stop")
            observation.count("celery trials")
        journals = site.journals()
        journals.work = journal.entries(journals.accepted)
        observation.count("celery starts", len(journals.work))
        observation.check(check(journals))


@contextmanager
def _killing(site: Site, chance: random.Random, observation: Observation) -> Iterator[None]:
    """Kills one of the Celery workers again and again, and starts it at once, until the block is left."""
    over = threading.Event()

    def kill() -> None:
        while not over.wait(chance.uniform(0.1, 2.5)):
            worker = chance.choice(site.celery_workers)
            site.kill_worker(worker)
            observation.count("celery kills")
            worker.start()

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _restart_workers(site: Site) -> None:
    for worker in site.workers:
        site.kill_worker(worker)
        worker.start()


def _judge(receipts: list[Receipt], observation: Observation) -> None:
    if not receipts:
        observation.violations.append("the stop was not answered")
        return
    (receipt,) = receipts
    observation.time("stop", receipt.answered - receipt.asked)
    observation.count(receipt.status)
    observation.count("revoked", receipt.revoked)
    if receipt.unconfirmed:
        observation.count("receipts with unconfirmed tasks")


def races(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Scans of two phases, a submission at the same time, and the leader killed in every third trial."""
    with installation.site(Layout(seconds=0.2, tap=True)) as site:
        for trial in range(trials):
            site.alice.submit(chance.randrange(20, 80), include_services=True)
            time.sleep(chance.uniform(0, 1.2))
            victim = site.leader() if trial % 3 == 0 else None
            other = threading.Thread(target=lambda: site.alice.submit(10), daemon=True)
            if chance.random() < 0.5:
                other.start()
            thread, receipts = _stop(site)
            time.sleep(chance.uniform(0, 0.1))
            if victim is not None:
                site.kill(victim)
            if not other.ident:
                other.start()
            thread.join(60)
            other.join(60)
            _judge(receipts, observation)
            if victim is not None:
                site.revive(victim)
            time.sleep(1)
        observation.check(check(site.journals()))


ROWS = (
    Row("X1", "stop at a random moment, all workers restarted (real Celery too)", "I5", 3, 300, restarts, seconds=8),
    Row("X2", "stop racing submit, failover, phase change", "I5", 3, 300, races, seconds=4),
)
