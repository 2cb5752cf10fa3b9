"""What real Celery workers ran: their nmap is `fast_nmap`, which writes its starts and ends down."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .journals import Accepted, WorkerEntry

FAST_NMAP = Path(__file__).resolve().parent / "fast_nmap"


class CeleryJournal:
    def __init__(self, file: Path) -> None:
        self._file = file

    def settings(self, seconds: float) -> dict[str, str]:
        """The environment of a worker that writes here and whose tasks take so long."""
        return {
            "TASKER_WORKER_NMAP": str(FAST_NMAP),
            "FAST_NMAP_SECONDS": str(seconds),
            "FAST_NMAP_JOURNAL": str(self._file),
        }

    def entries(self, accepted: Iterable[Accepted]) -> list[WorkerEntry]:
        """Starts and ends. nmap knows its target alone: the scan is the one that the target was accepted for."""
        scans = {ip: scan for scan in accepted for ip in scan.targets}
        entries = []
        for line in self._file.read_text().splitlines() if self._file.exists() else ():
            moment, event, phase, ip, pid = line.split()
            if ip in scans:
                scan = scans[ip]
                entries.append(WorkerEntry(
                    float(moment), event, "celery", int(pid), f"{ip} {phase}", scan.scan, scan.project, ip, phase, 0))
        return sorted(entries, key=lambda entry: entry.time)

    def running(self, targets: frozenset[str]) -> list[str]:
        """Targets whose scan runs at this moment, by a worker that writes here."""
        ours = f"FAST_NMAP_JOURNAL={self._file}".encode()
        found = []
        for process in Path("/proc").iterdir():
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
                is_ours = ours in (process / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            target = words[-2].decode(errors="replace") if len(words) > 2 else ""
            if is_ours and str(FAST_NMAP).encode() in words and target in targets:
                found.append(target)
        return found
