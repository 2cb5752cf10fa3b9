"""A folder with the data, logs and process list of what runs in it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from .process import Process, stop

#: Debian keeps servers where ordinary users do not look.
SEARCH_PATH = f"{os.environ.get('PATH', '/usr/bin:/bin')}:/usr/sbin:/sbin"


class Workspace:
    """Owns the processes started through it, by this program or, read from the folder, by an earlier one."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.resolve()
        self._list = self.directory / "processes.json"
        self._processes: dict[str, Process] = {}
        if self._list.exists():
            self._processes = {entry["name"]: Process(**entry) for entry in json.loads(self._list.read_text())}

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def processes(self) -> list[Process]:
        return list(self._processes.values())

    def data(self, name: str) -> Path:
        """The folder for one server's files, made when needed; for its owner alone, since settings hold passwords."""
        path = self.directory / "data" / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def spawn(
        self,
        name: str,
        command: list[str],
        environment: Mapping[str, str],
        wave: int = 0,
        stop_signal: int = signal.SIGTERM,
    ) -> Process:
        """Starts a process in its own session, with its output in `logs/NAME.log` and none of our own environment."""
        log = self.directory / "logs" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        home = self.data(name)
        inherited = {key: os.environ[key] for key in ("LANG", "LD_LIBRARY_PATH", "TMPDIR") if key in os.environ}
        with log.open("ab") as output:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=home,
                env={"PATH": SEARCH_PATH, "HOME": str(home), **inherited, **environment},
                start_new_session=True,
            )
        process = Process.of_child(name, child.pid, stop_signal, wave, log)
        child.returncode = 0  # reaped by Process, not by Popen
        self._processes[name] = process
        self._save()
        return process

    def stop(self) -> None:
        """Ends everything that was started here, and everything that it started."""
        stop(self._processes.values())
        self._processes.clear()
        self._save()

    def forget(self, names: Iterable[str]) -> None:
        """Strikes processes that have been stopped off the list."""
        for name in names:
            self._processes.pop(name, None)
        self._save()

    def remove(self, keep_logs: bool = False) -> None:
        """Removes the files that were made here, and the folder itself once nothing else is in it."""
        for name in ("data",) if keep_logs else ("data", "logs"):
            shutil.rmtree(self.directory / name, ignore_errors=True)
        for name in ("processes.json", "env"):
            (self.directory / name).unlink(missing_ok=True)
        if self.directory.exists() and not any(self.directory.iterdir()):
            self.directory.rmdir()

    def _save(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        temporary = self._list.with_suffix(".new")
        temporary.write_text(json.dumps([asdict(process) for process in self._processes.values()], indent=1))
        temporary.replace(self._list)
