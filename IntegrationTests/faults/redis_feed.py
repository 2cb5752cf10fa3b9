"""Everything that Redis executed, as it executed it: MONITOR shows scripts with their arguments, and what they do."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

_ARGUMENT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_LINE = re.compile(r"^\+?(\d+\.\d+) \[\d+ (\S+)\] ")

#: Stands in the feed where it began anew, so that commands before it may be missing.
RECONNECTED = "(reconnected)"


@dataclass(frozen=True)
class Command:
    """One command with its first arguments; `is_nested` where a script issued it."""

    time: float
    is_nested: bool
    words: tuple[str, ...]

    @classmethod
    def parse(cls, line: str) -> Command | None:
        head = _LINE.match(line)
        if head is None:
            return None
        words = tuple(match[1] for match in islice(_ARGUMENT.finditer(line, head.end()), 12))
        return cls(float(head[1]), head[2] == "lua", words)


class RedisFeed:
    """Copies MONITOR's output to a file and parses the commands; connects again when Redis comes back."""

    def __init__(self, port: int, password: str, file: Path) -> None:
        self._port = port
        self._password = password
        self._file = file
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="redis-feed", daemon=True)
        self._ready = threading.Event()
        self._commands: deque[Command] = deque()

    def __enter__(self) -> RedisFeed:
        self._thread.start()
        if not self._ready.wait(10):
            raise TimeoutError("Redis shows nothing")
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5)

    def take(self) -> Iterator[Command]:
        """What came since it was last asked."""
        while self._commands:
            yield self._commands.popleft()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._read()
            except OSError:
                pass
            self._ready.clear()
            time.sleep(0.02)

    def _read(self) -> None:
        with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
            connection.sendall(f"AUTH {self._password}\r\nMONITOR\r\n".encode())
            connection.settimeout(0.2)
            rest = b""
            with self._file.open("ab") as file:
                while not self._stop.is_set():
                    try:
                        data = connection.recv(1 << 18)
                    except TimeoutError:
                        continue
                    if not data:
                        return
                    *lines, rest = (rest + data).split(b"\r\n")
                    for line in lines:
                        if line == b"+OK":
                            self._commands.append(Command(time.time(), False, (RECONNECTED,)))
                            self._ready.set()
                            continue
                        file.write(line + b"\n")
                        if command := Command.parse(line.decode("utf-8", "replace")):
                            self._commands.append(command)
