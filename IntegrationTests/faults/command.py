"""`scripts/faults`: what a person asks for."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from local_stack import StackError, debian
from local_stack.commands import say

from .campaign import Campaign
from .portion import SUBJECTS, Portion, portions
from .provenance import provenance
from .row import Observation, Row
from .rows import ROWS
from .tabulation import tabulate


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/faults", description=(
        "Breaks running installations and checks what became of them; docs/reliability.md explains the rows"))
    parser.add_argument("what", nargs="+", metavar="ROW", help=(
        "rows by name, ROW=N for N trials (0 leaves it out); all; defences, or one: 'without NAME'; "
        "or alone: list; table FILE..."))
    parser.add_argument("--trials", type=int, help="how often; by default few, with --table what the table asks for")
    parser.add_argument("--table", action="store_true", help="as many trials as the table asks for")
    parser.add_argument("--jobs", type=int, default=1, help="so many installations at a time; by default one")
    parser.add_argument("--release", action="store_true", help="the release programs, not the debug ones")
    parser.add_argument("--no-build", action="store_true", help="the programs that are there")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="what has not ended by then is not met")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the results there too")
    parser.add_argument("--state", metavar="DIR", type=Path, help=(
        "keep data, logs and journals there; by default only those of what was not met are kept"))
    parser.add_argument("--programs", metavar="DIR", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def chosen(options: argparse.Namespace) -> dict[str, int]:
    """The trials of each subject. What is named alone has its own number, or the one for all; none leaves it out."""
    trials: dict[str, int] = {}
    for word in options.what:
        name, _, number = word.partition("=")
        match name:
            case "all":
                trials = {**{row: _trials(options, row) for row in ROWS}, **trials}
            case "defences":
                trials |= {subject: 1 for subject in SUBJECTS if subject not in ROWS}
            case _ if name in SUBJECTS and (number.isdigit() or not number):
                trials[name] = int(number) if number else _trials(options, name) or 1
            case _:
                raise StackError(f"there is no row {word}; there are {', '.join(ROWS)}")
    return {name: count for name, count in trials.items() if count}


def _trials(options: argparse.Namespace, name: str) -> int:
    row = ROWS.get(name)
    if options.trials or row is None:
        return options.trials or 1
    return row.table_trials if options.table else row.quick_trials


def listing() -> str:
    return "\n".join(_described(row) for row in ROWS.values())


def _described(row: Row) -> str:
    return f"{row.name:<8} {row.quick_trials:>4} of {row.table_trials:>6} trials of {row.seconds:>3g} s  {row.fault}"


def perform(options: argparse.Namespace, directory: Path) -> list[dict[str, object]]:
    """Runs what was asked for; ends what it started in any case."""
    trials = chosen(options)
    packages = dict.fromkeys(package for name in trials for package in SUBJECTS[name].packages)
    debian.install_missing((*debian.RUN_PACKAGES, *packages), say)
    # A build in between must not change what runs.
    programs = directory / "programs"
    programs.mkdir(parents=True, exist_ok=True)
    for name in ("TaskerAPI", "TaskerCoordinator"):
        shutil.copy2(options.programs / name, programs / name)
    parts = [portion for name, count in trials.items() for portion in portions(name, count, options.seed)]
    seconds = sum(part.seconds for part in parts)
    say(f"seed {options.seed}: {len(parts)} portions, {seconds:.0f} s for {options.jobs} jobs")
    deadline = time.monotonic() + options.minutes * 60
    campaign = Campaign(directory, programs, options.state is not None, deadline, say)
    try:
        observations = _observed(campaign, parts, options.jobs)
    finally:
        shutil.rmtree(programs)
    run = provenance(options.programs.name, options.jobs)
    results = [SUBJECTS[name].result(count, options.seed, observations[name]) for name, count in trials.items()]
    for result in results:
        result["observed"]["run"] = run
    return results


def _observed(campaign: Campaign, parts: Iterable[Portion], jobs: int) -> dict[str, Observation]:
    observations: dict[str, Observation] = {}
    for portion, outcome in campaign.run(parts, jobs):
        seen = outcome.observation
        say(f"{portion}: {len(seen.violations)} violations, {seen.seconds:.0f} s")
        for violation in [] if portion.subject.expects_violations else seen.violations[:10]:
            say(f"  {violation}")
        observations.setdefault(portion.name, Observation()).add(seen)
    return observations


def main() -> None:
    options = arguments()
    if options.what == ["list"]:
        print(listing())
        return
    if options.what[0] == "table":
        print(tabulate(result for file in options.what[1:] for result in json.loads(Path(file).read_text())))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    directory = options.state or Path(tempfile.mkdtemp(prefix="tasker-faults-"))
    is_met = True  # what is broken off from outside leaves nothing behind
    try:
        results = perform(options, directory)
        is_met = all(result["ok"] for result in results)
    except StackError as error:
        sys.exit(f"scripts/faults: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        if is_met and options.state is None:
            shutil.rmtree(directory, ignore_errors=True)
    text = json.dumps(results, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")
    for result in results:
        say(f"{result.get('defence') or result['row']}: {'ok' if result['ok'] else 'NOT MET'}")
    sys.exit(0 if is_met else 1)
