"""The Python environment of the stand-in, the workers and the tests: made anew when its requirements change."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from .process import StackError
from .repository import LEDGER_PARENT, PYTHON_ENVIRONMENT, REQUIREMENTS, WORKER_PARENT


def ensure(progress: Callable[[str], None], directory: Path = PYTHON_ENVIRONMENT) -> Path:
    """The environment's interpreter. Safe to call from several programs at once."""
    directory.mkdir(parents=True, exist_ok=True)
    python = directory / "environment" / "bin" / "python"
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp, wanted = directory / "stamp", _fingerprint()
        if not (python.exists() and stamp.exists() and stamp.read_text() == wanted):
            progress("making the Python environment")
            stamp.unlink(missing_ok=True)
            shutil.rmtree(directory / "environment", ignore_errors=True)
            _run([sys.executable, "-m", "venv", str(directory / "environment")])
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            _run([*pip, "-r", str(REQUIREMENTS)])
            stamp.write_text(wanted)
    return python


def _fingerprint() -> str:
    """Changes with anything that decides what is installed."""
    ledger = LEDGER_PARENT / "scanledger_standin" / "requirements.txt"
    files = [REQUIREMENTS, ledger, WORKER_PARENT / "requirements.txt"]
    return hashlib.sha256(b"\0".join([sys.version.encode(), *(file.read_bytes() for file in files)])).hexdigest()


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise StackError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr).strip()[-2000:]}")
