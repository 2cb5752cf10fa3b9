"""What the leaders' scripts did, by term: read from the commands that Redis executed, in the order it executed them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .redis_feed import RECONNECTED, Command

LOCK = "tasker:lock"
_READS = frozenset({
    "HGET", "HMGET", "HGETALL", "HLEN", "EXISTS", "SMEMBERS", "SCARD", "SISMEMBER", "ZRANGE", "ZRANGEBYSCORE", "ZCARD",
    "ZSCORE", "BITFIELD_RO", "GET", "MGET", "XRANGE", "XLEN", "TYPE", "TIME", "PUBLISH", "ZREVRANGE", "STRLEN",
    "GETRANGE",
})


@dataclass(frozen=True)
class Term:
    epoch: int
    holder: str
    began: float


@dataclass(frozen=True)
class LeaderWrite:
    """One write by a leader's script. `current` is the epoch of the lock record at that moment, None without one."""

    time: float
    epoch: int
    current: int | None
    command: str
    key: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reign:
    """All terms and leaders' writes of one run of the feed."""

    terms: list[Term]
    writes: list[LeaderWrite]


class ReignReader:
    """Reads commands in the order of their execution, a few at a time."""

    def __init__(self) -> None:
        self._terms: list[Term] = []
        self._writes: list[LeaderWrite] = []
        self._current: int | None = None
        self._is_known = False
        self._epoch: int | None = None

    def read(self, commands: Iterable[Command]) -> Reign:
        """Takes further commands in; answers everything read so far."""
        for command in commands:
            name, *words = command.words or ("",)
            if command.is_nested:
                self._read_nested(command.time, name.upper(), words)
            else:
                self._read_outer(name, words)
        return Reign(self._terms, self._writes)

    def _read_outer(self, name: str, words: list[str]) -> None:
        self._epoch = _fenced_by(name.upper(), words)
        if name == RECONNECTED:
            self._is_known = False
        elif name.upper() in ("DEL", "UNLINK") and LOCK in words or name.upper() in ("FLUSHALL", "FLUSHDB"):
            self._current, self._is_known = None, True

    def _read_nested(self, time: float, name: str, words: list[str]) -> None:
        if name == "HSET" and words[:1] == [LOCK] and "epoch" in words:
            fields = dict(zip(words[1::2], words[2::2]))
            self._current, self._is_known = int(fields["epoch"]), True
            self._terms.append(Term(self._current, fields.get("holder", ""), time))
        elif self._epoch is not None and name not in _READS and words:
            if not self._is_known and self._epoch >= (self._current or 0):
                # A term may have begun while nobody watched; what it writes tells.
                self._current, self._is_known = self._epoch, True
            self._writes.append(LeaderWrite(time, self._epoch, self._current, name, words[0], tuple(words[1:])))


def reign(commands: Iterable[Command]) -> Reign:
    return ReignReader().read(commands)


def _fenced_by(name: str, words: list[str]) -> int | None:
    """The epoch that a script was called with, where it is one of the leader's."""
    if name not in ("EVALSHA", "EVAL") or len(words) < 4 or words[2] != LOCK:
        return None
    first = 2 + int(words[1])
    epoch = words[first] if first < len(words) else ""
    return int(epoch) if epoch.isdigit() else None
