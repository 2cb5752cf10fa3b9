"""`scripts/faults`: what a person asks for."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from local_stack import StackError, Workspace, debian
from local_stack.commands import say

from . import defences, runner
from .installation import Installation
from .network import Network
from .row import Row
from .rows import ROWS

#: A row that hangs is ended: this long, and this much longer for each trial.
_ROW_SECONDS, _TRIAL_SECONDS = 240.0, 90.0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/faults", description=(
        "Breaks a running installation and checks afterwards what became of it; docs/reliability.md explains the rows"))
    parser.add_argument("what", nargs="+", metavar="ROW", help="rows by name; or all, list, defences")
    parser.add_argument("--trials", type=int, help="how often; by default few, with --table what the table asks for")
    parser.add_argument("--table", action="store_true", help="as many trials as the table asks for")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the results there too")
    parser.add_argument("--programs", metavar="DIR", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--state", metavar="DIR", type=Path, help="keep data, logs and journals there")
    return parser.parse_args()


def chosen(names: list[str]) -> list[Row]:
    if names == ["all"]:
        return list(ROWS.values())
    if unknown := [name for name in names if name not in ROWS]:
        raise StackError(f"there is no row {', '.join(unknown)}; there are {', '.join(ROWS)}")
    return [ROWS[name] for name in names]


def listing() -> str:
    return "\n".join(
        f"{row.name:<4} {row.quick_trials:>4} of {row.table_trials:>6} trials  {row.fault}" for row in ROWS.values())


def perform(options: argparse.Namespace, directory: Path) -> list[dict[str, object]]:
    """Runs what was asked for on one set of servers; ends them in any case."""
    rows = [] if options.what == ["defences"] else chosen(options.what)
    debian.install_missing((*debian.RUN_PACKAGES, *(name for row in rows for name in row.packages)), say)
    directory.mkdir(parents=True, exist_ok=True)
    # A build in between must not change what runs.
    programs = directory / "programs"
    programs.mkdir(exist_ok=True)
    for name in ("TaskerAPI", "TaskerCoordinator"):
        shutil.copy2(options.programs / name, programs / name)
    workspace = Workspace(directory)
    results = []
    try:
        with Network() as network:
            installation = Installation(workspace, Path(sys.executable), programs, network, say)
            installation.start()
            if not rows:
                return defences.run_all(installation, options.seed, say)
            for row in rows:
                trials = options.trials or (row.table_trials if options.table else row.quick_trials)
                say(f"{row.name}: {row.fault}, {trials} trials, seed {options.seed}")
                limit = _ROW_SECONDS + _TRIAL_SECONDS * trials
                result = runner.run(row, installation, trials, options.seed, limit, say)
                say(f"{row.name}: {'ok' if result['ok'] else 'NOT MET'} {json.dumps(result['observed'])}")
                results.append(result)
            return results
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        workspace.stop()
        if options.state is None:
            workspace.remove()


def main() -> None:
    options = arguments()
    if options.what == ["list"]:
        print(listing())
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with tempfile.TemporaryDirectory(prefix="tasker-faults-", ignore_cleanup_errors=True) as temporary:
            results = perform(options, options.state or Path(temporary) / "state")
    except StackError as error:
        sys.exit(f"scripts/faults: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    text = json.dumps(results, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")
    sys.exit(0 if all(result["ok"] for result in results) else 1)
