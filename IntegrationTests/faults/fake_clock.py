"""The time of day as one process sees it, moved while it runs; other clocks stay as they are."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

_SOURCE = Path(__file__).with_name("moved_clock.c")


class FakeClock:
    def __init__(self, directory: Path) -> None:
        self._file = directory / "offset"
        self._library = directory / "moved_clock.so"
        self.move(0)
        subprocess.run(
            ["gcc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", self._library, _SOURCE, "-ldl"], check=True)

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a process that has this clock."""
        return {"LD_PRELOAD": str(self._library), "MOVED_CLOCK_FILE": str(self._file)}

    def move(self, seconds: int) -> None:
        """Moves the clock so far from the true time. The file stays the same one: processes have it in their memory."""
        with open(self._file, "r+b" if self._file.exists() else "w+b") as file:
            file.write(struct.pack("=q", seconds))
