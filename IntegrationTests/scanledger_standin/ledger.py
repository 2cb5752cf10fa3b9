"""The hosts of all projects, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
from uuid import UUID

from .modes import merge
from .report import Host

SCHEMA = """
CREATE TABLE IF NOT EXISTS hosts (
    project TEXT NOT NULL, ip TEXT NOT NULL, port_count INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (project, ip)
) WITHOUT ROWID
"""


class Ledger:
    """Safe to use from any thread: one call at a time has the connection."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def page(self, project: UUID, has_ports: bool, skip: int, limit: int | None) -> list[dict]:
        """The project's hosts in the order of their addresses as text; with `has_ports`, those with ports alone."""
        with self._lock:
            rows = self._database.execute(
                "SELECT document FROM hosts WHERE project = ? AND port_count >= ? ORDER BY ip LIMIT ? OFFSET ?",
                (str(project), int(has_ports), -1 if limit is None else limit, skip),
            ).fetchall()
        return [json.loads(document) for (document,) in rows]

    def host(self, project: UUID, ip: str) -> dict | None:
        with self._lock:
            return self._stored(project, ip)

    def add(self, project: UUID, hosts: list[Host], mode: str) -> list[str]:
        """Imports hosts in one transaction. Answers the addresses taken: in mode insert, only the new ones."""
        accepted: dict[str, None] = {}
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                for host in hosts:
                    stored = self._stored(project, host.ip)
                    if stored is None or mode != "insert":
                        accepted[host.ip] = None
                    self._store(project, host.document if stored is None else merge(stored, host, mode))
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")
        return list(accepted)

    def _stored(self, project: UUID, ip: str) -> dict | None:
        row = self._database.execute(
            "SELECT document FROM hosts WHERE project = ? AND ip = ?", (str(project), ip)
        ).fetchone()
        return json.loads(row[0]) if row else None

    def _store(self, project: UUID, document: dict) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO hosts VALUES (?, ?, ?, ?)",
            (str(project), document["ip"], len(document["ports"]), json.dumps(document)),
        )
