"""Runs spin's verifier and reads what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .runs import Run

#: Megabytes that one search may take.
MEMORY_LIMIT = 2_000
#: Steps from the start that a search goes.
DEPTH_LIMIT = 1_000_000
#: The logarithm of the hash table's size; more states than that only make it slower.
HASH_TABLE = 24
_PREPARATION_SECONDS = 300

_VIOLATION = re.compile(r"^pan:\d+: (.*?)(?: \(at depth \d+\))?$", re.MULTILINE)
_INVARIANT = re.compile(r"assertion violated \( *!\((\w+)\)")
_INCOMPLETE = ("Search not completed", "max search depth too small", "out of memory", "memory limit")


class SpinError(Exception):
    """spin, the compiler or the verifier did not do what it should; the message is for people."""


@dataclass(frozen=True)
class Search:
    """What a search found."""

    #: The violated invariant, or spin's words for another error; None where there was no error.
    violation: str | None
    #: Whether all reachable states were visited.
    is_complete: bool
    states: int
    megabytes: float
    seconds: float


def search(run: Run, model: Path, directory: Path, memory: int = MEMORY_LIMIT) -> Search:
    """Generates the verifier in a directory of its own, and lets it search."""
    shutil.copytree(model, directory)
    definitions = [f"-D{name}" if value is None else f"-D{name}={value}" for name, value in run.definitions.items()]
    _prepare(["spin", "-a", *definitions, "tasker.pml"], directory)
    options = ["-DNOFAIR"] if run.searches_loops else ["-DSAFETY"]
    options += ["-DHC4" if run.keeps_hashes else "-DCOLLAPSE", f"-DMEMLIM={memory}"]
    # The warnings are about the code that spin writes.
    _prepare(["gcc", "-w", "-O2" if run.refuted_by is None else "-O1", *options, "-o", "pan", "pan.c"], directory)
    started = time.monotonic()
    command = ["./pan", f"-m{DEPTH_LIMIT}", f"-w{HASH_TABLE}", *(["-a"] if run.searches_loops else [])]
    try:
        done = subprocess.run(
            command, cwd=directory, capture_output=True, text=True, timeout=run.time_limit, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise SpinError(f"{run.name}: no result within {run.time_limit} s") from None
    return parse(done.stdout, time.monotonic() - started)


def parse(output: str, seconds: float) -> Search:
    """Reads the verifier's report."""
    errors = re.search(r"errors: (\d+)", output)
    if errors is None:
        raise SpinError(f"the verifier gave no report:\n{output.strip()[-2000:]}")
    violation = _VIOLATION.search(output)
    if int(errors[1]) > 0 and violation is None:
        raise SpinError(f"the verifier gave no reason:\n{output.strip()[-2000:]}")
    return Search(
        violation=_invariant(violation[1]) if violation else None,
        is_complete=not any(sign in output for sign in _INCOMPLETE),
        states=int(float(_first(r"^ *([0-9.e+]+) states, stored", output))),
        megabytes=float(_first(r"([0-9.]+)\s+total actual memory usage", output)),
        seconds=seconds,
    )


def _invariant(text: str) -> str:
    named = _INVARIANT.match(text)
    return named[1] if named else text


def _first(pattern: str, output: str) -> str:
    match = re.search(pattern, output, re.MULTILINE)
    if match is None:
        raise SpinError(f"the verifier's report has no {pattern!r}:\n{output.strip()[-2000:]}")
    return match[1]


def _prepare(command: list[str], directory: Path) -> None:
    done = subprocess.run(
        command, cwd=directory, capture_output=True, text=True, timeout=_PREPARATION_SECONDS, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise SpinError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr).strip()[-2000:]}")
