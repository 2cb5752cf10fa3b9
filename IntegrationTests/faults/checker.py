"""Compares the journals of a run with what the API accepted. No I/O.

The invariants are those of `docs/reliability.md`; I8 (bounded memory) is measured, not checked here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .journals import ENDED, Ending, Journals, WorkerEntry
from .worker.reports import LEDGER_PORTS

#: Outcomes of targets that the ledger must show once, unless the reason says that there was nothing to import.
_UPLOADED = frozenset({"done", "done_partial"})
_NOTHING_TO_IMPORT = frozenset({"down", "skipped_known"})
#: How long a terminated scan may take to be dead, and how far clocks of one machine's processes may be apart.
KILL_SECONDS = 5.0
CLOCK_SLACK = 0.005


@dataclass(frozen=True)
class Violation:
    invariant: str
    what: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.what}"


def check(journals: Journals, ports: frozenset[str] = LEDGER_PORTS) -> list[Violation]:
    """All violations. `ports` is what the ledger must show for a finding."""
    return [
        *_one_outcome(journals),
        *_bounded_executions(journals),
        *_one_upload(journals, ports),
        *_all_end(journals),
        *_stop_means_stop(journals),
        *_fenced(journals),
        *_separate_projects(journals),
    ]


def _one_outcome(journals: Journals) -> Iterator[Violation]:
    endings = {ending.scan: ending for ending in journals.endings}
    for scan in journals.accepted:
        ending = endings.get(scan.scan)
        if ending is None:
            yield Violation("I1", f"scan {scan.scan} was accepted and is not there any more")
            continue
        if _was_never_planned(ending):
            continue
        lines = Counter(ip for ip, outcome, _ in ending.report if outcome != "refused")
        for ip in scan.targets:
            if lines[ip] != 1:
                yield Violation("I1", f"{ip} of {scan.scan} has {lines[ip]} outcomes")
        for ip, outcome, _ in ending.report:
            if ip not in scan.targets:
                yield Violation("I1", f"{ip} is in the report of {scan.scan} and was not asked for")
            if outcome in ("pending", "in_flight", "parked") and ending.state in ENDED:
                yield Violation("I1", f"{ip} of {scan.scan} is {outcome} at the end")
        counted = Counter(outcome for _, outcome, _ in ending.report)
        for outcome in ("done", "done_partial", "failed", "cancelled"):
            if counted[outcome] != ending.counts.get(outcome, 0):
                yield Violation(
                    "I1", f"{scan.scan} counts {ending.counts.get(outcome, 0)} {outcome}, lists {counted[outcome]}")


def _was_never_planned(ending: Ending) -> bool:
    """Stopped before there was a plan, so that its targets ended together, without a list."""
    return ending.state == "stopped" and not ending.report and not any(ending.counts.values())


def _bounded_executions(journals: Journals) -> Iterator[Violation]:
    started: dict[tuple[str, str, str], list[WorkerEntry]] = defaultdict(list)
    first_seen: dict[tuple[str, str, str], float] = {}
    processes: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for entry in journals.work:
        phase = (entry.scan, entry.ip, entry.phase)
        first_seen.setdefault(phase, entry.time)
        processes[phase].add(entry.pid)
        if entry.event == "started":
            started[phase].append(entry)
    for phase, entries in started.items():
        if len(entries) == 1:
            continue
        touching = [
            fault for fault in journals.faults
            if fault.kind in ("leader", "broker") and _during(fault.time, first_seen[phase], entries[-1].time)
            or fault.kind == "worker" and fault.pid in processes[phase]
        ]
        if len(entries) > 1 + len(touching):
            scan, ip, name = phase
            yield Violation("I2", f"{name} of {ip} in {scan} ran {len(entries)} times with {len(touching)} faults")


#: A fault shortly before the first sign of a task may have touched its message.
_BEFORE = 15.0


def _during(moment: float, first: float, last: float) -> bool:
    return first - _BEFORE <= moment <= last


def _one_upload(journals: Journals, ports: frozenset[str]) -> Iterator[Violation]:
    uploads: Counter[tuple[str, str]] = Counter()
    for entry in journals.imports:
        for ip, found in entry.hosts.items():
            if ip not in journals.uncertain:
                uploads[entry.project, ip] += 1
            if found != ports:
                yield Violation("I3", f"{ip} was uploaded with {sorted(found)}")
    expected: Counter[tuple[str, str]] = Counter()
    projects = {scan.scan: scan.project for scan in journals.accepted}
    for ending in journals.endings:
        for ip, outcome, reason in ending.report:
            if outcome in _UPLOADED and reason not in _NOTHING_TO_IMPORT:
                expected[projects[ending.scan], ip] += 1
    for key in expected.keys() | uploads.keys():
        if uploads[key] != expected[key]:
            yield Violation("I3", f"{key[1]} was uploaded {uploads[key]} times instead of {expected[key]}")


def _all_end(journals: Journals) -> Iterator[Violation]:
    for ending in journals.endings:
        if ending.state not in ENDED:
            yield Violation("I4", f"scan {ending.scan} is still {ending.state}")


def _stop_means_stop(journals: Journals) -> Iterator[Violation]:
    endings = {ending.scan: ending for ending in journals.endings}
    for receipt in journals.receipts:
        if receipt.status != "stopped":
            continue
        after = receipt.answered + CLOCK_SLACK
        for dispatch in journals.dispatches:
            if dispatch.scan in receipt.scans and dispatch.time > after:
                late = dispatch.time - after
                yield Violation("I5", f"task {dispatch.task} was dispatched {late:.3f} s after the stop")
        yield from _executions_after_stop(receipt.scans, after, journals.work)
        cancelled = {
            ip for scan in receipt.scans if scan in endings
            for ip, outcome in endings[scan].outcomes.items() if outcome == "cancelled"
        }
        for entry in journals.imports:
            if entry.project == receipt.project and entry.time > after:
                for ip in sorted(cancelled & entry.hosts.keys()):
                    yield Violation("I5", f"the cancelled {ip} was uploaded after the stop")


def _executions_after_stop(scans: frozenset[str], after: float, work: Iterable[WorkerEntry]) -> Iterator[Violation]:
    running: dict[tuple[int, str], WorkerEntry] = {}
    for entry in work:
        if entry.scan not in scans:
            continue
        if entry.event == "started":
            if entry.time > after:
                yield Violation("I5", f"{entry.ip} was started {entry.time - after:.3f} s after the stop")
            running[entry.pid, entry.task] = entry
        elif entry.event in ("ended", "terminated"):
            begun = running.pop((entry.pid, entry.task), None)
            if begun is not None and begun.time <= after and entry.time > after + KILL_SECONDS:
                yield Violation("I5", f"the scan of {entry.ip} ended {entry.time - after:.1f} s after the stop")


def _fenced(journals: Journals) -> Iterator[Violation]:
    seen: set[int] = set()
    highest = 0
    for term in journals.reign.terms:
        if term.epoch in seen or term.epoch <= highest:
            yield Violation("I6", f"epoch {term.epoch} was given out after {highest}")
        seen.add(term.epoch)
        highest = max(highest, term.epoch)
    for write in journals.reign.writes:
        if write.current != write.epoch:
            yield Violation("I6", f"{write.command} {write.key} under epoch {write.epoch} in that of {write.current}")


def _separate_projects(journals: Journals) -> Iterator[Violation]:
    own: dict[str, set[str]] = defaultdict(set)
    projects = {}
    for scan in journals.accepted:
        own[scan.project] |= scan.targets
        projects[scan.scan] = scan.project
    for entry in journals.imports:
        for ip in entry.hosts.keys() - own[entry.project] - journals.uncertain:
            yield Violation("I7", f"{ip} is in project {entry.project}, which did not ask for it")
    for entry in journals.work:
        if entry.scan in projects and projects[entry.scan] != entry.project:
            yield Violation("I7", f"a task of {entry.scan} named the project {entry.project}")


def check_nothing_lost(journals: Journals) -> list[Violation]:
    """For runs in which every attempt succeeds: no target needed a second one, so no confirmed message and no result
    was lost, and each one is done."""
    return [
        *(
            Violation("loss", f"{entry.phase} of {entry.ip} needed attempt {entry.attempt}")
            for entry in journals.work if entry.event == "started" and entry.attempt > 1
        ),
        *(
            Violation("loss", f"{ip} is {outcome}: {reason}")
            for ending in journals.endings for ip, outcome, reason in ending.report if outcome == "failed"
        ),
    ]
