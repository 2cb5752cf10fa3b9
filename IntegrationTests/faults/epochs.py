"""What the leaders' scripts did, by term: read from the commands that Redis executed, in the order it executed them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .redis_feed import RECONNECTED, Command

LOCK = "tasker:lock"
_READS = frozenset({
    "HGET", "HMGET", "HGETALL", "HLEN", "EXISTS", "SMEMBERS", "SCARD", "SISMEMBER", "ZRANGE", "ZRANGEBYSCORE", "ZCARD",
    "ZSCORE", "BITFIELD_RO", "GET", "MGET", "XRANGE", "XLEN", "TYPE", "TIME", "PUBLISH", "ZREVRANGE", "STRLEN", "GETRANGE",
})


@dataclass(frozen=True)
class Term:
    epoch: int
    holder: str
    began: float


@dataclass(frozen=True)
class LeaderWrite:
    """One write by a leader's script. `current` is the epoch of the lock record at that moment, None without a record."""

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


def reign(commands: Iterable[Command]) -> Reign:
    terms: list[Term] = []
    writes: list[LeaderWrite] = []
    current: int | None = None
    epoch: int | None = None
    is_known = False
    for command in commands:
        name, *words = command.words or ("",)
        name = name.upper()
        if not command.is_nested:
            epoch = _fenced_by(name, words)
            is_known = is_known and name != RECONNECTED.upper()
            if name in ("DEL", "UNLINK") and LOCK in words or name in ("FLUSHALL", "FLUSHDB"):
                current, is_known = None, True
            continue
        if name == "HSET" and words[:1] == [LOCK] and "epoch" in words:
            fields = dict(zip(words[1::2], words[2::2]))
            current, is_known = int(fields["epoch"]), True
            terms.append(Term(current, fields.get("holder", ""), command.time))
        elif epoch is not None and name not in _READS and words:
            if not is_known and epoch >= (current or 0):
                # A term may have begun while nobody watched; what it writes tells.
                current, is_known = epoch, True
            writes.append(LeaderWrite(command.time, epoch, current, name, words[0], tuple(words[1:])))
    return Reign(terms, writes)


def _fenced_by(name: str, words: list[str]) -> int | None:
    """The epoch that a script was called with, where it is one of the leader's."""
    if name not in ("EVALSHA", "EVAL") or len(words) < 4 or words[2] != LOCK:
        return None
    first = 2 + int(words[1])
    epoch = words[first] if first < len(words) else ""
    return int(epoch) if epoch.isdigit() else None
