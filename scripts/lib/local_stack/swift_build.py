"""Builds Tasker's programs."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from .process import StackError
from .repository import ROOT

PROGRAMS = ("TaskerAPI", "TaskerCoordinator")


def build(debug: bool, progress: Callable[[str], None]) -> None:
    """Builds both programs; the compiler's output goes to ours."""
    if shutil.which("swift") is None:
        raise StackError("swift is not installed; see https://www.swift.org/install/linux/ (6.2 or later)")
    configuration = _configuration(debug)
    for program in PROGRAMS:
        progress(f"building {program} ({configuration}; minutes the first time)")
        done = subprocess.run(["swift", "build", "-c", configuration, "--product", program], cwd=ROOT)
        if done.returncode != 0:
            raise StackError(f"the build of {program} failed")


def programs_directory(debug: bool) -> Path:
    """Where the built programs are. Raises if one has not been built."""
    directory = ROOT / ".build" / _configuration(debug)
    for program in PROGRAMS:
        if not (directory / program).exists():
            raise StackError(f"{directory / program} has not been built; leave --no-build away")
    return directory


def _configuration(debug: bool) -> str:
    return "debug" if debug else "release"
