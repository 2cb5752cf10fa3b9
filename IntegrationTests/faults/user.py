"""A user of the API, who writes down what was accepted and answered."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from ipaddress import IPv4Address
from typing import Any

import httpx

from local_stack.ledger_server import Tenant

from .journals import ENDED, Accepted, Ending, Receipt
from .waiting import eventually

_COUNTS = ("pending", "in_flight", "parked", "done", "done_partial", "failed", "cancelled")


class AccountingBroken(Exception):
    """An answer in which the counts of a scan's targets do not add up."""


class RequestRefused(Exception):
    """A scan request that was not accepted."""


def block(first: int, count: int) -> list[str]:
    """Addresses in a row, in 10.0.0.0/8: private ones, which nobody here ever connects to."""
    return [str(IPv4Address("10.0.0.0") + first + number) for number in range(count)]


class User:
    """One project's user at one API replica."""

    def __init__(self, url: Callable[[], str], tenant: Tenant, take_block: Callable[[int], list[str]]) -> None:
        self.project = tenant.project
        self._url = url
        self._take_block = take_block
        self.http = httpx.Client(headers={"Authorization": f"Bearer {tenant.token}"}, timeout=60)
        self.accepted: list[Accepted] = []
        self.receipts: list[Receipt] = []
        #: Targets of submissions that were not answered, or with an error.
        self.uncertain: set[str] = set()

    def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return self.http.post(f"{self._url()}/tasks/{self.project}/{path}", json=body, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.http.get(f"{self._url()}/tasks/{self.project}/{path}", **options)

    def body(self, targets: list[str], **changes: Any) -> dict[str, Any]:
        options = {"skip_host_discovery": True, "dns_resolution": False, "transport_protocol": "tcp"}
        return {
            "hosts": targets, "open_ports_opts": {**options, "ports": ["80", "443"]}, "service_opts": {}, "timeout": 60,
            "include_services": False, "single_resolve": False, "mode": "append", "track_history": True, **changes,
        }

    def submit(self, count: int, headers: dict[str, str] | None = None, **changes: Any) -> str:
        """Starts a scan of so many addresses that nobody had before; answers its id."""
        targets = self._take_block(count)
        span = [f"{targets[0]}-{targets[-1]}"] if count > 1 else targets
        self.uncertain |= set(targets)
        answer = self.post("run-nmap", self.body(span, **changes), headers=headers)
        if answer.is_error:
            raise RequestRefused(f"{answer.status_code} {answer.text[:300]}")
        return self.note_accepted(answer.json()["scan_id"], targets)

    def note_accepted(self, scan: str, targets: list[str]) -> str:
        self.uncertain -= set(targets)
        self.accepted.append(Accepted(scan, self.project, frozenset(targets), time.time()))
        return scan

    def read(self, path: str) -> httpx.Response:
        """A GET that is repeated while the replica has not found back to Redis."""

        def answered() -> httpx.Response | None:
            try:
                answer = self.get(path)
            except httpx.TransportError:
                return None
            return None if answer.status_code == 503 else answer

        return eventually(f"an answer to {path}", answered, 20, pause=0.2)

    def scan(self, scan: str) -> dict[str, Any]:
        """The scan's progress, checked against the accounting identity."""
        answer = self.read(f"scans/{scan}")
        answer.raise_for_status()
        progress = answer.json()
        if progress["planned"] is not None and progress["planned"] != sum(progress[part] for part in _COUNTS):
            raise AccountingBroken(json.dumps(progress))
        return progress

    def has(self, scan: str) -> bool:
        """Whether the API knows the scan."""
        return self.read(f"scans/{scan}").status_code != 404

    def has_ended(self, scan: str) -> bool:
        return self.scan(scan)["state"] in ENDED

    def finish(self, scan: str, seconds: float = 120) -> dict[str, Any]:
        """Waits for the scan's end."""

        def ended() -> dict[str, Any] | None:
            progress = self.scan(scan)
            return progress if progress["state"] in ENDED else None

        return eventually(f"scan {scan} ends: {self.scan(scan)}", ended, seconds, pause=0.1)

    def stop(self) -> Receipt:
        """Stops what the project has running."""
        active = frozenset(scan.scan for scan in self.accepted)
        asked = time.time()
        answer = self.get("stop-nmap")
        answered = time.time()
        answer.raise_for_status()
        said = answer.json()
        receipt = Receipt(
            self.project, active, asked, answered, said["status"], said["revoked"], said["unconfirmed"],
            said.get("finishing", 0))
        self.receipts.append(receipt)
        return receipt

    def lines(self, scan: str) -> list[dict[str, Any]]:
        """The lines of the scan's report; none where there is no plan."""
        answer = self.read(f"scans/{scan}/report")
        return [json.loads(line) for line in answer.text.splitlines()] if answer.status_code == 200 else []

    def cancelled(self, scan: str) -> set[str]:
        """The targets that a stop gave up."""
        return {line["ip"] for line in self.lines(scan) if line["outcome"] == "cancelled"}

    def ending(self, scan: str) -> Ending | None:
        """The scan as it stands, with all lines of its report; None where the API knows no such scan."""
        if not self.has(scan):
            return None
        progress = self.scan(scan)
        return Ending(
            scan,
            progress["state"],
            {part: progress[part] for part in _COUNTS},
            tuple((line["ip"], line["outcome"], line.get("reason")) for line in self.lines(scan)),
        )
