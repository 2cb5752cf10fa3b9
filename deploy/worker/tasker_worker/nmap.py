"""One nmap run."""

from __future__ import annotations

from . import process_group
from .task_request import TaskRequest

REPORT_LIMIT = 64 << 20
#: nmap ends by itself at its host time-out; this is how much longer it gets to write its report.
GRACE_SECONDS = 30


class NmapError(Exception):
    """nmap gave no report; the message says why."""


def run(executable: str, request: TaskRequest, grace: float = GRACE_SECONDS) -> str:
    """nmap's XML report about the requested target."""
    command = [
        executable, *request.arguments, "--host-timeout", f"{request.timeout}s", "-oX", "-", request.address,
    ]
    try:
        completed = process_group.run(command, request.timeout + grace, REPORT_LIMIT)
    except FileNotFoundError:
        raise NmapError(f"nmap is not installed: {executable}") from None
    except OSError as error:
        raise NmapError(f"nmap could not be started: {error}") from error
    except process_group.TimedOut:
        raise NmapError(f"nmap did not end within {request.timeout + grace:g} s and was killed") from None
    except process_group.TooMuchOutput:
        raise NmapError(f"nmap's report is larger than {REPORT_LIMIT} bytes") from None
    if completed.exit_code != 0:
        message = completed.errors.decode("utf-8", "replace").strip()[-500:]
        raise NmapError(f"{_ending(completed.exit_code)}: {message or 'no message'}")
    return completed.output.decode("utf-8", "replace")


def _ending(exit_code: int) -> str:
    return f"nmap was ended by signal {-exit_code}" if exit_code < 0 else f"nmap exited with status {exit_code}"
