"""The ScanLedger stand-in, with users that have a token and a project each."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from .repository import LEDGER_PARENT
from .server import Server, accepts_connections, answers_ok
from .workspace import Workspace


@dataclass(frozen=True)
class Tenant:
    """A user and the one project that it sees."""

    user: str
    token: str
    project: str


class LedgerServer(Server):
    def __init__(
        self, workspace: Workspace, port: int, python: Path, name: str = "ledger", tls_bundle: Path | None = None
    ) -> None:
        """`tls_bundle` is a certificate and its key in one PEM file; without it the ledger speaks plain HTTP."""
        super().__init__(workspace, name, port)
        self._python = python
        self._tls_bundle = tls_bundle
        self._tenants: list[Tenant] = []
        self.alice, self.bob = self.add_tenant("alice"), self.add_tenant("bob")
        self.tasker_token = secrets.token_hex(16)

    @property
    def url(self) -> str:
        return f"{'https' if self._tls_bundle else 'http'}://127.0.0.1:{self.port}"

    @property
    def journal(self) -> Path:
        return self.data / "journal.jsonl"

    def add_tenant(self, user: str) -> Tenant:
        """One more user with a project, from the next start on."""
        tenant = Tenant(user, secrets.token_hex(16), str(uuid4()))
        self._tenants.append(tenant)
        return tenant

    def prepare(self) -> None:
        tenants = self._tenants
        accounts = {
            "projects": [{"id": tenant.project, "name": f"project of {tenant.user}"} for tenant in tenants],
            "users": [
                *({"name": tenant.user, "token": tenant.token, "projects": [tenant.project]} for tenant in tenants),
                {"name": "tasker", "token": self.tasker_token, "admin": True},
            ],
        }
        (self.data / "accounts.json").write_text(json.dumps(accounts))

    def environment(self) -> dict[str, str]:
        return {"PYTHONPATH": str(LEDGER_PARENT), "PYTHONDONTWRITEBYTECODE": "1"}

    def command(self) -> list[str]:
        return [
            str(self._python), "-m", "scanledger_standin", "--port", str(self.port),
            "--db", str(self.data / "ledger.sqlite"), "--journal", str(self.journal),
            "--tokens", str(self.data / "accounts.json"),
            *(["--tls-bundle", str(self._tls_bundle)] if self._tls_bundle else []),
        ]

    def is_ready(self) -> bool:
        return accepts_connections("127.0.0.1", self.port) if self._tls_bundle else answers_ok(f"{self.url}/health")
