"""What was written down during a run: the only thing that the checker sees."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .epochs import Reign

ENDED = frozenset({"completed", "stopped", "failed", "dry_run"})


@dataclass(frozen=True)
class Accepted:
    """A scan as the API accepted it."""

    scan: str
    project: str
    targets: frozenset[str]
    time: float


@dataclass(frozen=True)
class Ending:
    """A scan at the end of the run: its last progress, and the lines of its report."""

    scan: str
    state: str
    counts: dict[str, int]
    report: tuple[tuple[str, str, str | None], ...]

    @property
    def outcomes(self) -> dict[str, str]:
        return {ip: outcome for ip, outcome, _ in self.report}


@dataclass(frozen=True)
class Receipt:
    """An answered stop of a project's scans."""

    project: str
    scans: frozenset[str]
    asked: float
    answered: float
    status: str
    revoked: int
    unconfirmed: int
    finishing: int


@dataclass(frozen=True)
class WorkerEntry:
    """One line of a worker's journal that is about a task."""

    time: float
    event: str
    worker: str
    pid: int
    task: str
    scan: str
    project: str
    ip: str
    phase: str
    attempt: int


@dataclass(frozen=True)
class Import:
    """Hosts that the ledger took, whether or not its answer arrived."""

    time: float
    project: str
    hosts: dict[str, frozenset[str]]
    is_answered: bool


@dataclass(frozen=True)
class Dispatch:
    """A task message as the broker got it; `origin` is the coordinator that published it."""

    time: float
    task: str
    scan: str
    origin: str = ""
    ip: str = ""
    phase: str = ""


@dataclass(frozen=True)
class Fault:
    """`kind` is worker, broker, leader, redis or ledger; for a worker, `pid` is its process."""

    time: float
    kind: str
    pid: int | None = None


@dataclass
class Journals:
    accepted: list[Accepted] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    work: list[WorkerEntry] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    dispatches: list[Dispatch] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    #: Targets of submissions that got no answer, so that nobody knows whether they were accepted.
    uncertain: frozenset[str] = frozenset()
    reign: Reign = field(default_factory=lambda: Reign([], []))


def worker_entries(files: Iterable[Path]) -> list[WorkerEntry]:
    """All workers' entries about tasks, in the order of time."""
    entries = []
    for file in files:
        for line in file.read_text().splitlines():
            raw = json.loads(line)
            if "task" in raw:
                names = ("time", "event", "worker", "pid", "task", "scan", "project", "ip", "phase", "attempt")
                entries.append(WorkerEntry(**{name: raw[name] for name in names}))
    return sorted(entries, key=lambda entry: entry.time)


def imports(journal: Path, since: float) -> list[Import]:
    """The ledger's imports that were applied."""
    found = []
    for line in journal.read_text().splitlines():
        raw = json.loads(line)
        if raw["time"] >= since and raw["path"].endswith("/import") and "import" in raw:
            hosts = {host["ip"]: frozenset(host["ports"]) for host in raw["import"]["hosts"]}
            fault = raw["fault"] or {}
            found.append(Import(raw["time"], raw["path"].split("/")[2], hosts, not fault.get("drop_reply")))
    return found
