"""Scans whose window is full."""

from __future__ import annotations

from ..installation import Installation
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
    wait_until_in_flight(installation, scan_id, in_flight)
    with installation.redis_connection() as redis:
        milliseconds = wait_for(
            "all are confirmed", lambda: int(redis.call("EVAL", _LAST_CONFIRMED, 1, _key(scan_id))), interval=0.05)
    return milliseconds / 1000


def wait_until_in_flight(installation: Installation, scan_id: str, count: int) -> None:
    """Returns when so many targets have been claimed."""
    with installation.redis_connection() as redis:
        wait_for(
            f"{count} targets are in flight", lambda: int(redis.call("HGET", _key(scan_id), "in_flight") or 0) >= count,
            seconds=60, interval=0.02)


def _key(scan_id: str) -> str:
    return f"tasker:scan:{scan_id}"
