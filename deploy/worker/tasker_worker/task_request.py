"""The one argument of a scan task, checked."""

from __future__ import annotations

from dataclasses import dataclass

from .arguments import checked_address, checked_arguments

PHASES = ("open_ports", "services")
#: What a task carries only so that its result can carry it back.
ECHOED = ("scan", "target", "attempt")
LONGEST_TIMEOUT = 86_400


@dataclass(frozen=True)
class TaskRequest:
    """What one task asks for. `timeout` is in seconds; `echoed` goes back with the result as it came."""

    address: str
    arguments: list[str]
    timeout: int
    phase: str
    echoed: dict[str, object]

    @classmethod
    def checked(cls, payload: object, phase: str) -> TaskRequest:
        """Raises `ValueError` naming what is wrong."""
        if not isinstance(payload, dict):
            raise ValueError("the task's argument must be an object")
        missing = [name for name in ("ip", "arguments", "timeout", "phase", *ECHOED) if name not in payload]
        if missing:
            raise ValueError(f"the task's argument lacks {', '.join(missing)}")
        timeout = payload["timeout"]
        if type(timeout) is not int or not 1 <= timeout <= LONGEST_TIMEOUT:
            raise ValueError(f"timeout must be from 1 to {LONGEST_TIMEOUT} seconds, not {timeout!r}")
        if payload["phase"] != phase:
            raise ValueError(f"a task of phase {phase} says it is of phase {payload['phase']!r}")
        address, arguments = checked_address(payload["ip"]), checked_arguments(payload["arguments"])
        if (":" in address) != ("-6" in arguments):
            raise ValueError(f"argument -6 does not fit the target {address}")
        return cls(address, arguments, timeout, phase, {name: payload[name] for name in ECHOED})
