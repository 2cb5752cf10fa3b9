"""How long ScanLedger itself works on what Tasker asks it."""

from __future__ import annotations

import json

from local_stack.ledger_server import LedgerServer, Tenant


class LedgerTime:
    """Follows the stand-in's journal, where each request stands with the seconds that it took there."""

    def __init__(self, ledger: LedgerServer) -> None:
        self._file = ledger.journal.open(encoding="utf-8")
        self._file.seek(0, 2)
        #: All calls that were taken so far.
        self.calls: list[float] = []

    def __enter__(self) -> LedgerTime:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def take(self, tenant: Tenant) -> float:
        """The seconds of all calls about the tenant's project since the last time.

        Calls about others are left out: probes, and late lines of requests that were answered before.
        """
        own = [entry["seconds"] for entry in map(json.loads, self._file) if tenant.project in entry["path"]]
        self.calls += own
        return sum(own)

    def skip(self) -> None:
        """Leaves out what was journalled up to now."""
        self._file.seek(0, 2)
