"""The servers that rows share, and Tasker's processes that each row gets anew."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from kombu import Connection

from local_stack import Size, Stack, Workspace
from local_stack.ports import Ports
from local_stack.process import stop
from local_stack.tasker_servers import APIServer, CoordinatorServer, WorkerServer

from .network import Network
from .scripted_worker import ScriptedWorker
from .site import LinkedCoordinator, LinkedAPI, Site
from .redis_feed import RedisFeed
from .taps import DispatchTap
from .user import User, block

TENANTS = 400
_TASK_QUEUES = ("nmap_open_ports_queue", "nmap_services_queue")


@dataclass(frozen=True)
class Layout:
    """What a row needs. `seconds` is how long a scripted worker's task takes; `worker_settings` are Celery workers'."""

    apis: int = 1
    coordinators: int = 2
    workers: int = 2
    slots: int = 4
    seconds: float = 0.3
    behaviour: str = "good"
    celery_workers: int = 0
    worker_settings: dict[str, str] = field(default_factory=dict)
    tap: bool = False
    settings: dict[str, str] = field(default_factory=dict)


class Installation:
    """Redis, RabbitMQ, the name server and the ScanLedger stand-in, and the network between them and what uses them."""

    def __init__(self, workspace: Workspace, python: Path, programs: Path, network: Network) -> None:
        self.workspace = workspace
        self.python = python
        self.programs = programs
        self.network = network
        self.ports = Ports()
        self.stack = Stack(
            workspace, python, programs, Size(0, 0, 0), {"redis", "rabbitmq", "ledger", "dns"}, self.ports)
        self._tenants = [self.stack.ledger.add_tenant(f"tenant-{number}") for number in range(TENANTS)]
        self._next_address = 0
        #: How many sites there have been; the files of the first one's processes begin with `s1-`.
        self.sites = 0

    def start(self) -> None:
        """Returns when the servers are ready. They end with the workspace."""
        self.stack.start()

    def take_block(self, count: int) -> list[str]:
        """Addresses that nobody had before."""
        addresses = block(self._next_address, count)
        self._next_address += count
        return addresses

    def redis(self, *command: str) -> str:
        """What Redis answers to a command."""
        server = self.stack.redis
        line = ["redis-cli", "-h", "127.0.0.1", "-p", str(server.port), "-n", str(server.database), *command]
        done = subprocess.run(
            line, env={"REDISCLI_AUTH": server.password, "PATH": "/usr/bin:/bin"}, capture_output=True)
        return done.stdout.decode().strip()

    @contextmanager
    def redis_with(self, environment: dict[str, str]) -> Iterator[None]:
        """Redis with more in its environment."""
        redis = self.stack.redis
        try:
            redis.changes = environment
            self._restart_redis()
            yield
        finally:
            redis.changes = {}
            self._restart_redis()

    def _restart_redis(self) -> None:
        self.stack.redis.stop()
        self.stack.redis.start()
        self.stack.redis.wait_until_ready()

    def rabbitmqctl(self, *command: str) -> None:
        """Has RabbitMQ carry a command out."""
        server = self.stack.rabbitmq
        environment = {**server.environment(), "HOME": str(server.data), "PATH": "/usr/sbin:/usr/bin:/bin"}
        subprocess.run(["/usr/lib/rabbitmq/bin/rabbitmqctl", "-q", *command], env=environment, check=True, timeout=60,
                       capture_output=True)

    @contextmanager
    def site(self, layout: Layout) -> Iterator[Site]:
        """New processes of Tasker and new workers, on an empty Redis and empty queues."""
        self._empty()
        self.sites += 1
        prefix = f"s{self.sites}-"
        with ExitStack() as stack:
            feed = stack.enter_context(
                RedisFeed(self.stack.redis.port, self.stack.redis.password,
                          self.workspace.data("journals") / f"{prefix}redis.log"))
            apis = [self._api(f"{prefix}api-{number}", layout) for number in range(layout.apis)]
            coordinators = [
                self._coordinator(f"{prefix}coordinator-{number}", layout) for number in range(layout.coordinators)
            ]
            workers = [self._worker(f"{prefix}worker-{number}", layout) for number in range(layout.workers)]
            celery = [
                self._celery_worker(f"{prefix}celery-{number}", layout) for number in range(layout.celery_workers)
            ]
            users = [
                User(lambda: apis[0].server.url, self._tenants.pop(), self.take_block) for _ in range(2)
            ]
            for user in users:
                stack.callback(user.http.close)
            site = Site(self, apis, coordinators, workers, celery, users, feed)
            stack.callback(self._end, site)
            site.start()
            if layout.tap:
                site.tap = stack.enter_context(DispatchTap(self.stack.rabbitmq.url))
            yield site

    def remove_files(self, sites: Iterable[int]) -> None:
        """Removes the logs, data and journals of sites that have ended."""
        directory = self.workspace.directory
        folders = (directory / "logs", directory / "data", self.workspace.data("journals"))
        for path in (path for site in sites for folder in folders for path in folder.glob(f"s{site}-*")):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _end(self, site: Site) -> None:
        servers = site.servers
        stop(server.process for server in servers)
        self.workspace.forget(server.name for server in servers)

    def _empty(self) -> None:
        self.redis("CONFIG", "SET", "maxmemory", "0")
        self.redis("FLUSHALL")
        with Connection(self.stack.rabbitmq.url) as connection:
            for queue in _TASK_QUEUES:
                channel = connection.channel()
                try:
                    channel.queue_purge(queue)
                except connection.channel_errors:
                    pass

    def _settings(self, layout: Layout) -> dict[str, str]:
        return {
            **self.stack.settings, "ALLOW_PRIVATE_TARGETS": "true", "PER_NETWORK": "0", "RATE_LIMIT_PER_TOKEN": "0",
            **layout.settings,
        }

    def _api(self, name: str, layout: Layout) -> LinkedAPI:
        redis = self.network.link(self.stack.redis.port)
        ledger = self.network.link(self.stack.ledger.port)
        settings = {
            **self._settings(layout),
            "REDIS_PORT": str(redis.port),
            "SCANLEDGER_BASE_URL": f"http://127.0.0.1:{ledger.port}",
        }
        server = APIServer(self.workspace, name, self.ports.take(name), self.programs / "TaskerAPI", settings)
        return LinkedAPI(server, redis, ledger)

    def _coordinator(self, name: str, layout: Layout) -> LinkedCoordinator:
        redis = self.network.link(self.stack.redis.port)
        broker = self.network.link(self.stack.rabbitmq.port)
        ledger = self.network.link(self.stack.ledger.port)
        settings = {
            **self._settings(layout),
            "REDIS_PORT": str(redis.port),
            "RABBITMQ_PORT": str(broker.port),
            "SCANLEDGER_BASE_URL": f"http://127.0.0.1:{ledger.port}",
        }
        server = CoordinatorServer(
            self.workspace, name, self.ports.take(name), self.programs / "TaskerCoordinator", settings)
        return LinkedCoordinator(server, redis, broker, ledger)

    def _worker(self, name: str, layout: Layout) -> ScriptedWorker:
        user = self.stack.rabbitmq.worker
        broker = f"amqp://{user.name}:{user.password}@127.0.0.1:{self.stack.rabbitmq.port}/tasker"
        return ScriptedWorker(
            self.workspace, name, self.python, broker, layout.slots, layout.seconds, layout.behaviour)

    def add_coordinator(self, site: Site, layout: Layout, settings: dict[str, str]) -> LinkedCoordinator:
        """One more coordinator, started, with more in its environment."""
        name = f"s{self.sites}-coordinator-{len(site.coordinators)}"
        added = self._coordinator(name, replace(layout, settings={**layout.settings, **settings}))
        site.coordinators.append(added)
        added.server.start()
        added.server.wait_until_ready()
        return added

    def poisonous_worker(self) -> ScriptedWorker:
        """One more worker, not started, whose reports are poison."""
        return self._worker(f"s{self.sites}-poisonous", Layout(slots=16, seconds=0.05, behaviour="poisonous"))

    def _celery_worker(self, name: str, layout: Layout) -> WorkerServer:
        broker = self.stack.rabbitmq
        # Celery leaves folders for temporary files behind when it is killed.
        folder = str(self.workspace.data(name))
        settings = {**broker.settings_for(broker.worker), "TMPDIR": folder, **layout.worker_settings}
        return WorkerServer(self.workspace, name, self.python, settings)
