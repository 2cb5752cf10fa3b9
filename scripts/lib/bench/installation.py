"""The stack that is measured: Tasker's processes and Redis' contents are made anew for each measurement."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from local_stack import Size, Stack, Workspace
from local_stack.ledger_server import LedgerServer, Tenant
from local_stack.ports import Ports
from local_stack.process import stop
from local_stack.redis_server import RedisServer
from local_stack.server import Server
from local_stack.tasker_servers import APIServer, CoordinatorServer, WorkerServer

from .client import Client
from .peers import AMQPPeer, CeleryPeer
from .redis_connection import RedisConnection

#: What is installed for measuring alone.
PACKAGES = ("curl", "dnsperf", "gcc", "nsd", "wrk")
TENANTS = 24
#: Private addresses alone are ever planned, and the only worker that is ever started runs this instead of nmap.
SETTINGS = {"ALLOW_PRIVATE_TARGETS": "true", "RATE_LIMIT_PER_TOKEN": "0", "RATE_LIMIT_PER_ADDRESS": "0"}
IDLE_NMAP = Path(__file__).resolve().parent / "idle_nmap"


@dataclass(frozen=True)
class Tasker:
    """One API replica, asked without the load balancer, and one coordinator."""

    api: APIServer
    coordinator: CoordinatorServer
    tenants: list[Tenant]

    def client(self) -> Client:
        return Client(self.api.port)

    def stop_scans(self, tenants: list[Tenant]) -> None:
        """Stops what the tenants have running, all at a time."""

        def stop_one(tenant: Tenant) -> None:
            with self.client() as client:
                client.call("POST", tenant, "stop-nmap")

        with ThreadPoolExecutor(len(tenants)) as threads:
            list(threads.map(stop_one, tenants))


class Installation:
    """Redis, RabbitMQ and the ScanLedger stand-in, and what is started beside them for one measurement at a time."""

    def __init__(
        self, workspace: Workspace, python: Path, programs: Path, progress: Callable[[str], None]
    ) -> None:
        self.workspace = workspace
        self.ports = Ports()
        self.progress = progress
        self.python = python
        self.programs = programs
        self._stack = Stack(
            workspace, python, programs, Size(0, 0, 0), {"redis", "rabbitmq", "ledger"}, self.ports, progress=progress)
        self._tenants = [self.ledger.add_tenant(f"tenant-{number}") for number in range(1, TENANTS + 1)]

    def start(self) -> None:
        """Returns when the servers are ready. They end with the workspace."""
        self._stack.start()

    @property
    def ledger(self) -> LedgerServer:
        return self._stack.ledger

    @contextmanager
    def tasker(self, **settings: str) -> Iterator[Tasker]:
        """New processes of Tasker on an empty Redis; the settings are those of their environment."""
        self.redis("FLUSHALL")
        api, coordinator = self.api("api", **settings), self.coordinator("coordinator", **settings)
        api.start()
        coordinator.start()
        try:
            api.wait_until_ready()
            coordinator.wait_until_ready()
            coordinator.process.wait_until(lambda: self.redis("HGET", "tasker:lock", "holder") != "", seconds=10)
            yield Tasker(api, coordinator, self._tenants)
        finally:
            stop([api.process, coordinator.process])

    def api(self, name: str, **settings: str) -> APIServer:
        """A replica, not started yet."""
        return APIServer(
            self.workspace, name, self.ports.take(name), self.programs / "TaskerAPI", self._environment(settings))

    def coordinator(self, name: str, **settings: str) -> CoordinatorServer:
        """A coordinator, not started yet."""
        return CoordinatorServer(
            self.workspace, name, self.ports.take(name), self.programs / "TaskerCoordinator",
            self._environment(settings))

    @contextmanager
    def running(self, *servers: Server) -> Iterator[None]:
        """Starts servers, waits for them, and ends them."""
        for server in servers:
            server.start()
        try:
            for server in servers:
                server.wait_until_ready()
            yield
        finally:
            stop([server.process for server in servers])

    @contextmanager
    def idle_worker(self) -> Iterator[WorkerServer]:
        """A reference worker that holds the tasks it gets and does nothing."""
        broker = self._stack.rabbitmq
        settings = {**broker.settings_for(broker.worker), "TASKER_WORKER_NMAP": str(IDLE_NMAP)}
        worker = WorkerServer(self.workspace, "worker", self.python, settings)
        with self.running(worker):
            yield worker

    @cached_property
    def amqp_peer(self) -> AMQPPeer:
        broker = self._stack.rabbitmq
        return AMQPPeer(self.workspace.data("peers"), broker.settings_for(broker.coordinator))

    @cached_property
    def celery_peer(self) -> CeleryPeer:
        return CeleryPeer(self.python, self._stack.rabbitmq.url, self._stack.redis.url)

    def redis_connection(self) -> RedisConnection:
        return RedisConnection(self._stack.redis)

    def redis(self, *command: str) -> str:
        """What Redis answers to a command."""
        server: RedisServer = self._stack.redis
        line = ["redis-cli", "-h", "127.0.0.1", "-p", str(server.port), "-n", str(server.database), *command]
        done = subprocess.run(
            line, env={"REDISCLI_AUTH": server.password, "PATH": "/usr/bin:/bin"}, capture_output=True, check=True)
        return done.stdout.decode().strip()

    def _environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        return {**self._stack.settings, **SETTINGS, **settings}
