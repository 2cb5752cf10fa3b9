"""Clients that ask for the same path over and over: wrk as fast as it is answered, and one of ours at a pace."""

from __future__ import annotations

import http.client
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

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


def paced_load(url: str, seconds: float, connections: int, rate: float, tenant: Tenant) -> int:
    """Asks at a rate for each connection and second, however long the answers take; returns how many were answered."""
    begin = time.monotonic()

    def ask(number: int) -> int:
        address = urlsplit(url)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
        try:
            for request in range(int(seconds * rate)):
                time.sleep(max(0, begin + (request + number / connections) / rate - time.monotonic()))
                connection.request("GET", address.path, headers={"Authorization": f"Bearer {tenant.token}"})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    raise MeasurementError(f"{url} was answered with {answer.status}")
            return int(seconds * rate)
        finally:
            connection.close()

    with ThreadPoolExecutor(connections) as pool:
        return sum(pool.map(ask, range(connections)))
