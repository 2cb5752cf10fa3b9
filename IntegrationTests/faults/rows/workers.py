"""W1 to W5: workers die, freeze, take long, and return what they should not."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter

from ..celery_journal import CeleryJournal
from ..checker import check
from ..injection import Injector
from ..installation import Installation, Layout
from ..journals import ENDED, WorkerEntry, worker_entries
from ..row import Limit, Observation, Row
from ..scripted_worker import ScriptedWorker
from ..site import Site
from ..traffic import Traffic
from ..user import User
from ..waiting import eventually
from ..worker.reports import POISON, poison_kind

REQUEUED = "requeued"
#: Workers that a round hits at once; each is a trial.
_HIT = 8
#: The product's default.
_MAX_ATTEMPTS = 3
_LONG = Layout(workers=12, slots=2, seconds=4.0, tap=True)


def kill(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Scripted workers, many at a time; in the last trial a real Celery worker, with its children."""
    with installation.site(_LONG) as site:
        traffic = Traffic(site.alice, size=150, services=False)
        for first in range(0, trials - 1, _HIT):
            traffic.keep_up(60)
            victims = _busy(site, min(_HIT, trials - 1 - first), chance)
            held = {}
            for victim in victims:
                site.kill_worker(victim)
                held.update(dict.fromkeys(_running(victim, time.time()), time.time()))
            for seconds in _requeued(site, held).values():
                observation.time(REQUEUED, seconds)
            for victim in victims:
                victim.start()
                victim.wait_until_ready()
        observation.check(check(site.journals()))
    _kill_celery(installation, observation)


def _kill_celery(installation: Installation, observation: Observation) -> None:
    journal = CeleryJournal(installation.workspace.data("journals") / f"celery-{time.time_ns()}")
    layout = Layout(workers=0, celery_workers=2, worker_settings=journal.settings(seconds=3))
    with installation.site(layout) as site:
        scan = site.alice.submit(12)
        eventually("both work", lambda: len(journal.entries(site.alice.accepted)) >= 8, 30)
        victim = site.celery_workers[0]
        killed = time.time()
        site.kill_worker(victim)
        site.alice.finish(scan, 120)
        entries = journal.entries(site.alice.accepted)
        ended = {entry.ip for entry in entries if entry.event == "ended" and entry.time <= killed}
        again = Counter(entry.ip for entry in entries if entry.event == "started")
        for ip, count in again.items():
            observation.expect(count <= 1 + (ip not in ended), f"{ip} ran {count} times")
        late = [entry.time - killed for entry in entries if entry.event == "started" and again[entry.ip] > 1]
        if late:
            observation.time("requeued from Celery", max(late))
            observation.expect(max(late) <= 60, f"requeued from Celery after {max(late):.0f} s")
        journals = site.journals()
        journals.work = []
        observation.check(check(journals))


def _busy(site: Site, count: int, chance: random.Random) -> list[ScriptedWorker]:
    """Some workers that have tasks running."""

    def found() -> list[ScriptedWorker]:
        busy = [worker for worker in site.workers if _running(worker, time.time())]
        return busy if len(busy) > count else []

    time.sleep(chance.uniform(0.2, 2))
    return chance.sample(eventually("workers are busy", found, 30), count)


def _running(worker: ScriptedWorker, moment: float) -> list[str]:
    """Addresses that the worker's process was at, and that have an attempt left."""
    running: dict[str, WorkerEntry] = {}
    for entry in worker_entries([worker.journal]):
        if entry.time <= moment and entry.pid == worker.process.pid:
            if entry.event == "started" and entry.attempt < _MAX_ATTEMPTS:
                running[entry.ip] = entry
            elif entry.event in ("ended", "terminated"):
                running.pop(entry.ip, None)
    return list(running)


def _requeued(site: Site, held: dict[str, float]) -> dict[str, float]:
    """How long it took from the end of its worker until each address was dispatched again; 999 where it was not."""

    def again() -> dict[str, float]:
        found: dict[str, float] = {}
        for dispatch in list(site.tap.dispatches):
            if dispatch.time > held.get(dispatch.ip, float("inf")):
                found.setdefault(dispatch.ip, dispatch.time - held[dispatch.ip])
        return found

    deadline = time.monotonic() + 70
    while len(found := again()) < len(held) and time.monotonic() < deadline:
        time.sleep(0.5)
    return {ip: found.get(ip, 999.0) for ip in held}


def freeze(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Stopped until its tasks have been dispatched again, and woken while they wait or run elsewhere."""
    with installation.site(_LONG) as site:
        traffic = Traffic(site.alice, size=150, services=False)
        for first in range(0, trials, _HIT):
            traffic.keep_up(60)
            victims = _busy(site, min(_HIT, trials - first), chance)
            held = {}
            for victim in victims:
                site.note("worker", victim.process.pid)
                victim.process.send(signal.SIGSTOP)
                held.update(dict.fromkeys(_running(victim, time.time()), time.time()))
            try:
                for seconds in _requeued(site, held).values():
                    observation.time(REQUEUED, seconds)
                time.sleep(chance.uniform(0, 4))
            finally:
                for victim in victims:
                    victim.process.send(signal.SIGCONT)
            time.sleep(2)
        observation.check(check(site.journals()))


def outlast_timeout(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """RabbitMQ takes consumers for dead after 5 s and looks every second; each task takes 12 s, and as many wait."""
    for name, value in (("consumer_timeout", 5_000), ("channel_tick_interval", 1_000)):
        installation.rabbitmqctl("eval", f"application:set_env(rabbit, {name}, {value}).")
    try:
        for _ in range(trials):
            journal = CeleryJournal(installation.workspace.data("journals") / f"celery-{time.time_ns()}")
            layout = Layout(workers=0, celery_workers=2, worker_settings=journal.settings(seconds=12))
            with installation.site(layout) as site:
                scan = site.alice.submit(chance.randrange(10, 17))
                site.alice.finish(scan, 200)
                journals = site.journals()
                journals.work = journal.entries(journals.accepted)
                observation.count("executions", sum(entry.event == "started" for entry in journals.work))
                observation.count("targets", len(site.alice.accepted[0].targets))
                observation.check(check(journals))
    finally:
        for name, value in (("consumer_timeout", 7 * 86_400_000), ("channel_tick_interval", 60_000)):
            installation.rabbitmqctl("eval", f"application:set_env(rabbit, {name}, {value}).")


def stray_results(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Workers send each result three times; beside them come results of unknown tasks, of tasks that are over, and of
    another project's tasks. Each is a trial."""
    with installation.site(Layout(seconds=0.2, behaviour="repeating", tap=True)) as site:
        with Injector(installation.stack.rabbitmq.url) as injector:
            alice, bob = Traffic(site.alice, 100), Traffic(site.bob, 100)
            injected = 0
            while injected < trials:
                scans = {site.alice.project: alice.keep_up(), site.bob.project: bob.keep_up()}
                time.sleep(0.3)
                dispatches = eventually("tasks are dispatched", lambda: list(site.tap.dispatches), 30)
                for _ in range(min(100, trials - injected)):
                    sent = chance.choice(dispatches)
                    own, other = site.alice.project, site.bob.project
                    if sent.scan not in {scan.scan for scan in site.alice.accepted}:
                        own, other = other, own
                    kind = chance.choice(("unknown", "other_project", "repeated", "garbage"))
                    injector.send(kind, sent, own=own, other=other)
                    observation.count(kind)
                    injected += 1
            del scans
        journals = site.journals()
        observation.expect(
            all(outcome == "done" for ending in journals.endings for outcome in ending.outcomes.values()),
            "a stray result changed an outcome")
        observation.check(check(journals))


def poison(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Each target is scanned once by good workers and then, in mode replace, by workers whose reports are poison."""
    with installation.site(Layout(workers=1, seconds=0.2, slots=16)) as site:
        good = site.alice.submit(trials)
        site.alice.finish(good, 120)
        targets = sorted(site.alice.accepted[0].targets)
        site.workers[0].stop()
        site.workers.append(installation.poisonous_worker())
        site.workers[1].start()
        site.workers[1].wait_until_ready()
        for _ in range(_MAX_ATTEMPTS - 1):
            # Each bad report is a worker's fault, and what it touches may run again.
            site.note("worker", site.workers[1].process.pid)
        answer = site.alice.post("run-nmap", site.alice.body(targets, mode="replace"))
        answer.raise_for_status()
        scan = site.alice.note_accepted(answer.json()["scan_id"], targets)
        # Most attempts fail for one reason, so the scan is paused again and again.
        eventually("the scan ends", lambda: _has_ended_or_resumes(site.alice, scan), 240, pause=0.2)
        for ip, outcome, reason in site.alice.ending(scan).report:
            kind = poison_kind(ip)
            expected = POISON[kind][1:] if kind else ("done", None)
            observation.count(kind or "honest")
            observation.expect((outcome, reason) == expected, f"{kind}: {ip} is {outcome} {reason}, not {expected}")
        for coordinator in site.coordinators:
            observation.expect(coordinator.server.process.is_running(), f"{coordinator.server.name} ended")
        # The ledger's ports are those of the good scan: no import said anything else, which I3 compares.
        observation.check(check(site.journals()))
        site.workers[1].stop()


def _has_ended_or_resumes(user: User, scan: str) -> bool:
    progress = user.scan(scan)
    if progress["state"] == "paused":
        user.post(f"scans/{scan}/resume").raise_for_status()
    return progress["state"] in ENDED


ROWS = (
    Row("W1", "worker kill -9 mid-task (real Celery too)", "requeued within 60 s; I2", 2, 200, kill,
        (Limit(REQUEUED, 100, 60),), seconds=6),
    Row("W2", "worker SIGSTOP past its heartbeat, then wakes", "its late result counts once or is discarded", 1, 100,
        freeze, seconds=6),
    Row("W3", "a scan longer than consumer_timeout (scaled down; real Celery)", "one execution, one upload", 1, 20,
        outlast_timeout, seconds=60),
    Row("W4", "results repeated, reordered, unknown, of another project", "one applied; the rest set aside", 300,
        10_000, stray_results, seconds=0.02),
    Row("W5", "poison reports", "no crash; each as section 10 says; no port closed in mode replace", 40, 1_000, poison,
        seconds=0.5),
)
