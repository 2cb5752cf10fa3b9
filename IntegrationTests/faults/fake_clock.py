"""The time of day as one process sees it, moved while it runs. libfaketime leaves the monotonic clock as it is."""

from __future__ import annotations

import os
from pathlib import Path

_LIBRARY = "faketime/libfaketimeMT.so.1"
#: libfaketime hangs in a process whose allocator is jemalloc, as that of Debian's Redis. Loaded before jemalloc, the C
#: library gives the process its own allocator; it comes behind libfaketime, which calls what is loaded after itself.
_C_LIBRARY = "libc.so.6"


class FakeClock:
    def __init__(self, directory: Path) -> None:
        self._file = directory / "offset"
        self.move(0)

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a process that has this clock."""
        return {
            "LD_PRELOAD": " ".join(str(next(Path("/usr/lib").glob(f"*/{name}"))) for name in (_LIBRARY, _C_LIBRARY)),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def move(self, seconds: int) -> None:
        """Moves the clock so far from the true time."""
        temporary = self._file.with_suffix(".new")
        temporary.write_text(f"{seconds:+d}\n")
        os.replace(temporary, self._file)
