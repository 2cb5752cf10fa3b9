"""Requests to one API replica, over one connection that is kept."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_stack.ledger_server import Tenant

from .errors import MeasurementError

#: Longer than the longest `Prefer: wait`.
_TIMEOUT = 60


@dataclass(frozen=True)
class Answer:
    """`sent_at` is Unix time; `seconds` run from there until the last byte of the answer."""

    document: dict[str, Any]
    sent_at: float
    seconds: float


class Client:
    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def run(self, tenant: Tenant, scan: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        """Has a scan planned; `scan` is the request's body."""
        return self.call("POST", tenant, "run-nmap", scan, headers)

    def call(
        self,
        method: str,
        tenant: Tenant,
        route: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request about the tenant's project. Raises if the answer is not a 200."""
        path = f"/tasks/{tenant.project}/{route}"
        fields = {
            "Authorization": f"Bearer {tenant.token}", "Content-Type": "application/json", **(headers or {}),
        }
        sent_at, started = time.time(), time.monotonic()
        self._connection.request(method, path, body, fields)
        response = self._connection.getresponse()
        content = response.read()
        seconds = time.monotonic() - started
        if response.status != 200:
            raise MeasurementError(f"{method} {path}: {response.status} {content[:500].decode(errors='replace')}")
        return Answer(json.loads(content), sent_at, seconds)


def scan(hosts: list[str], **changes: Any) -> bytes:
    """The body of a run-nmap request as falcli sends it."""
    body = {
        "hosts": hosts,
        "open_ports_opts": {
            "ports": ["80"], "transport_protocol": "tcp", "skip_host_discovery": True, "dns_resolution": False,
        },
        "service_opts": {},
        "timeout": 60,
        "include_services": False,
        "single_resolve": False,
        "mode": "insert",
        "track_history": True,
        **changes,
    }
    return json.dumps(body).encode()
