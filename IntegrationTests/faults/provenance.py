"""What results are of: the day, the machine, and the programs."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime, timezone
from pathlib import Path

from local_stack.repository import ROOT


def provenance(build: str, jobs: int) -> dict[str, object]:
    """Stands in each result."""
    return {
        "date": datetime.now(timezone.utc).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {_gigabytes()} GB",
        "build": build,
        "commit": _commit(),
        "jobs": jobs,
    }


def _gigabytes() -> int:
    total = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    return round(int(total.split()[1]) / (1 << 20))


def _commit() -> str:
    """The commit that is checked out, with a plus where files differ from it."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--exclude=*"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"
