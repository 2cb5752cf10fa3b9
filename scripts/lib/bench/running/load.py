"""wrk, which asks for the same path over and over."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass

from local_stack.ledger_server import Tenant

from ..errors import MeasurementError

_UNITS = {"us": 0.001, "ms": 1, "s": 1000}


@dataclass(frozen=True)
class Load:
    requests_per_second: float
    p99_milliseconds: float


def load(url: str, seconds: int, connections: int = 32, tenant: Tenant | None = None) -> Load:
    """What is answered to one thread with so many connections. Raises if an answer is not a success."""
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--latency"]
    if tenant:
        command += ["--header", f"Authorization: Bearer {tenant.token}"]
    output = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise MeasurementError(f"not all requests for {url} were answered: {output}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    tail = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", output)
    return Load(rate, float(tail[1]) * _UNITS[tail[2]])
