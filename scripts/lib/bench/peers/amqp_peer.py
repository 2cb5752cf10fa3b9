"""The minimal client of rabbitmq-c, `amqp_peer.c`, which says what each command does."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..errors import MeasurementError

_SOURCE = Path(__file__).resolve().parent / "amqp_peer.c"
_SECONDS = 60


class AMQPPeer:
    """Compiled anew in the folder that it gets; `settings` are those of the broker."""

    def __init__(self, directory: Path, settings: Mapping[str, str]) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._program = directory / "amqp_peer"
        self._settings = {**os.environ, **settings}
        flags = subprocess.run(
            ["pkg-config", "--cflags", "--libs", "librabbitmq"], check=True, capture_output=True, text=True)
        subprocess.run(["cc", "-O2", "-o", self._program, _SOURCE, *flags.stdout.split()], check=True)

    def publish(self, sample: str, count: int, window: int) -> float:
        """The seconds for copies of a message that waits in the queue `sample`."""
        return float(self._run("publish", sample, count, window))

    def drain(self, queue: str, file: Path) -> None:
        self._run("drain", queue, file)

    def depth(self, queue: str) -> int:
        return int(self._run("depth", queue))

    def ping(self, count: int) -> list[float]:
        return [float(line) for line in self._run("ping", count).splitlines()]

    @contextmanager
    def consumer(self, queue: str, count: int, prefetch: int) -> Iterator[subprocess.Popen]:
        """Ends by itself after so many messages."""
        with self._started("consume", queue, count, prefetch) as process:
            yield process

    @contextmanager
    def tap(self, exchange: str, key: str) -> Iterator[subprocess.Popen]:
        with self._started("tap", exchange, key) as process:
            yield process

    @contextmanager
    def replay(self, file: Path, exchange: str, key: str) -> Iterator[float]:
        """Publishes while it is entered, and gives the time at which it began."""
        with self._replaying(file, exchange, key, 0) as process:
            yield time.monotonic()
            if process.wait(_SECONDS) != 0:
                raise MeasurementError("not all messages were published")

    @contextmanager
    def trickle(self, file: Path, exchange: str, key: str, rate: int) -> Iterator[None]:
        """Publishes so many messages a second for as long as it is entered; the file has to last that long."""
        with self._replaying(file, exchange, key, rate) as process:
            yield
            if process.poll() is not None:
                raise MeasurementError("there were too few messages")

    @contextmanager
    def _replaying(self, *words: object) -> Iterator[subprocess.Popen]:
        with self._started("replay", *words) as process:
            process.stdin.write("go\n")
            process.stdin.flush()
            yield process

    def _run(self, *words: object) -> str:
        command = [str(self._program), *map(str, words)]
        done = subprocess.run(command, env=self._settings, capture_output=True, text=True, timeout=_SECONDS)
        if done.returncode != 0:
            raise MeasurementError(f"{' '.join(command[1:])}: {done.stderr.strip()}")
        return done.stdout

    @contextmanager
    def _started(self, *words: object) -> Iterator[subprocess.Popen]:
        process = subprocess.Popen(
            [str(self._program), *map(str, words)],
            env=self._settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            if process.stdout.readline() != "ready\n":
                raise MeasurementError(f"amqp_peer {words[0]} does not begin")
            yield process
        finally:
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()
