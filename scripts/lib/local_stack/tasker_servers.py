"""Tasker's own processes, the workers, and the load balancer."""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from .repository import WORKER_PARENT
from .server import Server, answers_ok
from .workspace import Workspace


class APIServer(Server):
    """One API replica."""

    wave = 1

    def __init__(
        self, workspace: Workspace, name: str, port: int, executable: Path, settings: Mapping[str, str]
    ) -> None:
        super().__init__(workspace, name, port)
        self._executable = executable
        self._settings = settings

    @property
    def url(self) -> str:
        scheme = "https" if "TLS_BUNDLE" in self._settings else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        return {**self._settings, "API_HOST": "127.0.0.1", "API_PORT": str(self.port), "REPLICA_NAME": self.name}

    def command(self) -> list[str]:
        return [str(self._executable)]

    def is_ready(self) -> bool:
        return answers_ok(f"{self.url}/readyz")


class CoordinatorServer(Server):
    """One coordinator; counts as ready when it is alive, whether it leads, stands by, or has no Redis yet."""

    wave = 1

    def __init__(
        self, workspace: Workspace, name: str, port: int, executable: Path, settings: Mapping[str, str]
    ) -> None:
        super().__init__(workspace, name, port)
        self._executable = executable
        self._settings = settings
        #: Settings from the next start on, besides.
        self.changes: Mapping[str, str] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        address = {"COORDINATOR_HOST": "127.0.0.1", "COORDINATOR_PORT": str(self.port)}
        return {**self._settings, **self.changes, **address, "REPLICA_NAME": self.name}

    def command(self) -> list[str]:
        return [str(self._executable)]

    def is_ready(self) -> bool:
        return answers_ok(f"{self.url}/livez")


class WorkerServer(Server):
    """One reference worker: real Celery, real nmap."""

    wave = 1
    # Celery waits for running tasks on SIGTERM, and ends them on SIGQUIT.
    stop_signal = signal.SIGQUIT

    def __init__(self, workspace: Workspace, name: str, python: Path, settings: Mapping[str, str]) -> None:
        super().__init__(workspace, name, port=0)
        self._python = python
        self._settings = settings
        self._log_start = 0

    def prepare(self) -> None:
        self._log_start = self._log.stat().st_size if self._log.exists() else 0

    def environment(self) -> dict[str, str]:
        return {
            "WORKER_CONCURRENCY": "4",
            **self._settings,
            "WORKER_NAME": self.name,
            "PYTHONPATH": str(WORKER_PARENT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def command(self) -> list[str]:
        return [str(self._python), "-m", "tasker_worker"]

    def is_ready(self) -> bool:
        with self._log.open("rb") as log:
            log.seek(self._log_start)
            return f"tasker@{self.name} ready.".encode() in log.read()

    @property
    def _log(self) -> Path:
        return self.workspace.directory / "logs" / f"{self.name}.log"


class LoadBalancer(Server):
    """HAProxy in front of the API replicas: sends requests to those that say they are ready."""

    wave = 2
    #: How long it takes at most to notice that a replica is ready, or ends.
    notice_seconds = 1.5

    def __init__(self, workspace: Workspace, port: int, replicas: Sequence[APIServer], name: str = "balancer") -> None:
        super().__init__(workspace, name, port)
        self._replicas = replicas

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        servers = "\n".join(f"    server {replica.name} 127.0.0.1:{replica.port}" for replica in self._replicas)
        (self.data / "haproxy.cfg").write_text(f"""\
global
    log stdout format raw local0 notice

defaults
    mode http
    log global
    timeout connect 2s
    timeout client 120s
    timeout server 120s
    timeout http-request 10s
    timeout tunnel 1h
    option redispatch
    option forwardfor
    retries 3
    retry-on conn-failure

frontend api
    bind 127.0.0.1:{self.port}
    # Metrics are asked for at the replicas themselves.
    http-request return status 404 if {{ path,url_dec -m reg ^/+metrics/*$ }}
    default_backend replicas

backend replicas
    balance leastconn
    option httpchk GET /readyz
    http-check expect status 200
    default-server check inter 500ms fall 2 rise 1
{servers}
""")

    def command(self) -> list[str]:
        return ["haproxy", "-db", "-f", str(self.data / "haproxy.cfg")]

    def is_ready(self) -> bool:
        return answers_ok(f"{self.url}/readyz")
