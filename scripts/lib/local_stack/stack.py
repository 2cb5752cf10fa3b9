"""The whole of it: what is started, in which order, with which settings."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from .ledger_server import LedgerServer
from .name_server import NameServer
from .ports import Ports
from .rabbitmq_server import PortMapper, RabbitMQServer
from .redis_server import RedisServer
from .server import Server
from .tasker_servers import APIServer, CoordinatorServer, LoadBalancer, WorkerServer
from .workspace import Workspace

COMPONENTS = frozenset({"redis", "rabbitmq", "dns", "ledger", "workers", "coordinators", "api"})
DEMO_NAMES = {"demo-a.tasker.test": "127.0.0.17", "demo-b.tasker.test": "127.0.0.33"}


@dataclass(frozen=True)
class Size:
    api_replicas: int = 2
    coordinators: int = 2
    workers: int = 2


class Stack:
    """All servers in one workspace. Attributes of components that are not chosen are there, but never started."""

    def __init__(
        self,
        workspace: Workspace,
        python: Path,
        executables: Path,
        size: Size = Size(),
        components: Collection[str] = COMPONENTS,
        ports: Ports | None = None,
        settings: dict[str, str] | None = None,
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`executables` is the folder of the built programs; `settings` are added to theirs."""
        self._progress = progress
        self._components = components
        self._extra_settings = settings or {}
        self.workspace = workspace
        self.python = python
        # Kept, since its ports are reserved as long as it lives.
        self._ports = ports = ports or Ports()

        self.redis = RedisServer(workspace, ports.take("redis"))
        self.port_mapper = PortMapper(workspace, ports.take("epmd"))
        self.rabbitmq = RabbitMQServer(workspace, ports.take("rabbitmq"), ports.take("distribution"), self.port_mapper)
        self.dns = NameServer(workspace, ports.take("dns"), DEMO_NAMES)
        self.ledger = LedgerServer(workspace, ports.take("ledger"), python)
        self.apis = [
            APIServer(workspace, name, ports.take(name), executables / "TaskerAPI", self.settings)
            for name in _numbered("api", size.api_replicas)
        ]
        self.coordinators = [
            CoordinatorServer(workspace, name, ports.take(name), executables / "TaskerCoordinator", self.settings)
            for name in _numbered("coordinator", size.coordinators)
        ]
        self.workers = [
            WorkerServer(workspace, name, python, self.rabbitmq.settings_for(self.rabbitmq.worker))
            for name in _numbered("worker", size.workers)
        ]
        self.balancer = LoadBalancer(workspace, ports.take("balancer"), self.apis)

    def __enter__(self) -> Stack:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.workspace.stop()

    @property
    def settings(self) -> dict[str, str]:
        """The environment of Tasker's own processes."""
        return {
            "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": str(self.redis.port),
            "REDIS_PASSWORD": self.redis.password,
            "REDIS_DB": str(self.redis.database),
            **self.rabbitmq.settings_for(self.rabbitmq.coordinator),
            "SCANLEDGER_BASE_URL": self.ledger.url,
            "TASKER_AUTH_TOKEN": self.ledger.tasker_token,
            "DNS_SERVERS": self.dns.address,
            "ALLOW_LOOPBACK_TARGETS": "true",
            "TRUSTED_PROXIES": "127.0.0.1",
            "DRAIN_TIME": "2s",
            "LOGGER_LEVEL": "info",
            "ENVIRONMENT": "development",
            **self._extra_settings,
        }

    def start(self) -> None:
        """Starts the chosen components and returns when they are ready. On failure, ends what it started."""
        try:
            self._start_all(self._chosen({
                "redis": [self.redis],
                "rabbitmq": [self.port_mapper, self.rabbitmq],
                "dns": [self.dns],
                "ledger": [self.ledger],
            }))
            self._start_all(self._chosen({
                "workers": self.workers,
                "coordinators": self.coordinators,
                "api": [*self.apis, self.balancer],
            }))
            self.write_environment()
        except BaseException:
            self.workspace.stop()
            raise

    def restart_rolling(self) -> None:
        """Restarts every process of Tasker, each once the one before it is back in service."""
        for server in (*self.apis, *self.coordinators, *self.workers):
            server.restart()
            if server in self.apis:
                time.sleep(self.balancer.notice_seconds)

    def exports(self) -> dict[str, str]:
        """What a shell needs to work with the running stack."""
        processes = self.workspace.processes
        return {
            "TASKER_URL": self.balancer.url,
            "TASKER_TOKEN": self.ledger.alice.token,
            "PROJECT_ID": self.ledger.alice.project,
            "OTHER_TOKEN": self.ledger.bob.token,
            "OTHER_PROJECT_ID": self.ledger.bob.project,
            "SCANLEDGER_URL": self.ledger.url,
            "SCANLEDGER_TOKEN": self.ledger.tasker_token,
            "REDIS_URL": self.redis.url,
            "RABBITMQ_URL": self.rabbitmq.url,
            "DNS_SERVER": self.dns.address,
            "COORDINATOR_URLS": " ".join(coordinator.url for coordinator in self.coordinators),
            "METRICS_URLS": " ".join(f"{server.url}/metrics" for server in [*self.apis, *self.coordinators]),
            **{f"{process.name.upper().replace('-', '_')}_PID": str(process.pid) for process in processes},
        }

    def write_environment(self) -> None:
        """Writes the `env` file; for its owner alone, since it holds passwords."""
        path = self.workspace.directory / "env"
        path.touch(mode=0o600)
        path.write_text("".join(f"export {name}={shlex.quote(value)}\n" for name, value in self.exports().items()))

    def _chosen(self, groups: dict[str, list[Server]]) -> list[Server]:
        return [server for component, servers in groups.items() if component in self._components for server in servers]

    def _start_all(self, servers: Iterable[Server]) -> None:
        servers = list(servers)
        started = time.monotonic()
        for server in servers:
            server.start()
        for server in servers:
            server.wait_until_ready()
            self._progress(f"{server.name} is ready ({time.monotonic() - started:.1f} s)")


def _numbered(name: str, count: int) -> list[str]:
    return [f"{name}-{number}" for number in range(1, count + 1)]
