"""Scans whose window is full."""

from __future__ import annotations

from ..installation import Installation
from ..redis_connection import RedisConnection
from ..waiting import wait_for

#: When the last target in flight was confirmed by the broker, in ms of Unix time; 0 while one was not.
_LAST_CONFIRMED = """
local last = 0
for _, target in ipairs(redis.call('SMEMBERS', KEYS[1] .. ':in_flight')) do
    local fields = redis.call('HMGET', KEYS[1] .. ':target:' .. target, 'state', 'since')
    if fields[1] == 'claimed' then return '0' end
    last = math.max(last, tonumber(fields[2]))
end
return string.format('%.0f', last)
"""


def settings(in_flight: int) -> dict[str, str]:
    """Settings with which one project gets so many targets in flight: an eighth of the window is left for others."""
    window = next(size for size in range(in_flight, 2 * in_flight + 2) if size - max(1, size // 8) == in_flight)
    return {"WINDOW_MIN": str(window), "WINDOW_MAX": str(window)}


def wait_until_filled(installation: Installation, scan_id: str, in_flight: int) -> float:
    """The Unix time at which the last of so many targets was confirmed by the broker, as the coordinator noted it."""
    scan = f"tasker:scan:{scan_id}"
    with installation.redis_connection() as redis:
        wait_for(
            f"{in_flight} targets are in flight", lambda: _count(redis, scan, "in_flight") >= in_flight, interval=0.02)
        return wait_for(
            "all are confirmed", lambda: int(redis.call("EVAL", _LAST_CONFIRMED, 1, scan)), interval=0.05) / 1000


def _count(redis: RedisConnection, scan: str, counter: str) -> int:
    return int(redis.call("HGET", scan, counter) or 0)
