"""How long a clone takes to build, first and after an edit, and how large the programs of the images are."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from local_stack.repository import ROOT
from local_stack.swift_build import PROGRAMS

from ..figure import Figure, Goal, at_most
from ..installation import Installation
from ..measurement import Measurement
from ..memory import MEBIBYTE
from ..samples import median

ROUNDS = 3

FIRST = Goal("first_build", "s", at_most(600))
EDITED_LEAF = Goal("build_after_edit_of_coordinator", "s", at_most(60))
EDITED_ROOT = Goal("build_after_edit_of_address_space", "s", at_most(120))
SIZES = tuple(Goal(f"static_size_{program}", "MiB", at_most(160)) for program in PROGRAMS)

_LEAF = Path("Sources/TaskerCoordinator/Stop/Tombstones.swift")
#: What nearly all other modules import.
_ROOT = Path("Sources/Shared/AddressSpace/AddressRange.swift")


def measure(_: Installation) -> Iterator[Figure]:
    """In a clone of what is committed, with nothing built before. The programs are made as for the images."""
    with tempfile.TemporaryDirectory(prefix="tasker-build-") as directory:
        tree = Path(directory) / "tasker"
        subprocess.run(["git", "clone", "--quiet", ROOT, tree], check=True)
        yield FIRST.figure(_seconds(tree))
        yield EDITED_LEAF.figure(median([_seconds_after_edit(tree, _LEAF, number) for number in range(ROUNDS)]))
        yield EDITED_ROOT.figure(median([_seconds_after_edit(tree, _ROOT, number) for number in range(ROUNDS)]))
        for goal, program in zip(SIZES, PROGRAMS):
            _seconds(tree, "-c", "release", "--static-swift-stdlib", "--product", program)
            yield goal.figure((tree / ".build/release" / program).stat().st_size / MEBIBYTE)


def _seconds_after_edit(tree: Path, file: Path, number: int) -> float:
    """After a new declaration, so that all that imports the module is looked at again."""
    with (tree / file).open("a") as source:
        source.write(f"\npublic func edit{number}() {{}}\n")
    return _seconds(tree)


def _seconds(tree: Path, *options: str) -> float:
    started = time.monotonic()
    subprocess.run(["swift", "build", *options], cwd=tree, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


MEASUREMENT = Measurement("build", (FIRST, EDITED_LEAF, EDITED_ROOT, *SIZES), measure)
