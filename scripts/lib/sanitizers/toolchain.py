"""Building and running under a sanitizer, with the programs of the Swift toolchain."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from local_stack import StackError
from local_stack.repository import ROOT

#: C code comes without debug information, which shortens the build by some minutes.
_BUILD = ("swift", "build", "-Xcc", "-g0")


def scratch(name: str) -> Path:
    """The folder of a build: what one sanitizer is in fits no other."""
    return ROOT / ".build" / name


def build(folder: Path, *arguments: str, **environment: str) -> None:
    """Builds in a folder."""
    run([*_BUILD, "--scratch-path", str(folder), *arguments], **environment)


def run(command: Sequence[str], **environment: str) -> None:
    """Runs a command in the repository; raises where its status is not 0."""
    status = subprocess.run(command, **_context(environment)).returncode
    if status != 0:
        raise StackError(f"{' '.join(command)} ended with {status}")


def run_logged(command: Sequence[str], log: Path, **environment: str) -> int:
    """Runs a command in the repository, with a file for its output, and answers its status."""
    with log.open("wb") as output:
        return subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, **_context(environment)).returncode


@cache
def program(name: str) -> str:
    """The path of a program that comes with Swift but may not be in `PATH`."""
    answer = subprocess.run(["swift", "-print-target-info"], capture_output=True, text=True, check=True)
    return str(Path(json.loads(answer.stdout)["paths"]["runtimeResourcePath"]).parents[1] / "bin" / name)


def _context(environment: dict[str, str]) -> dict:
    # Swift's own handler of crashes would come before the sanitizer's.
    variables = {**os.environ, "SWIFT_BACKTRACE": "enable=no", **environment}
    return {"cwd": ROOT, "env": variables, "stdin": subprocess.DEVNULL}
