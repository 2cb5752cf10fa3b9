"""One row's processes, and how to break and mend them."""

from __future__ import annotations

import signal
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from local_stack.server import Server
from local_stack.tasker_servers import APIServer, CoordinatorServer, WorkerServer

from .epochs import LeaderWrite, Reign, ReignReader, Term
from .journals import Fault, Journals, imports, worker_entries
from .network import Link
from .redis_feed import RedisFeed
from .scripted_worker import ScriptedWorker
from .taps import DispatchTap
from .user import User
from .waiting import eventually

if TYPE_CHECKING:
    from .installation import Installation


@dataclass(frozen=True)
class LinkedAPI:
    server: APIServer
    redis: Link
    ledger: Link


@dataclass(frozen=True)
class LinkedCoordinator:
    server: CoordinatorServer
    redis: Link
    broker: Link
    ledger: Link

    def signal(self, number: int) -> None:
        self.server.process.send(number)

    def mend(self) -> None:
        for link in (self.redis, self.broker, self.ledger):
            link.mend()


class Site:
    """The processes of one row. What is done to them is journaled as faults."""

    def __init__(
        self,
        installation: Installation,
        apis: list[LinkedAPI],
        coordinators: list[LinkedCoordinator],
        workers: list[ScriptedWorker],
        celery_workers: list[WorkerServer],
        users: list[User],
        feed: RedisFeed,
    ) -> None:
        self.installation = installation
        self.apis = apis
        self.coordinators = coordinators
        self.workers = workers
        self.celery_workers = celery_workers
        self.alice, self.bob = users
        self.feed = feed
        self.tap: DispatchTap | None = None
        self.faults: list[Fault] = []
        self._began = time.time()
        self._reader = ReignReader()

    @property
    def servers(self) -> list[Server]:
        """All processes that were started, and can be stopped."""
        linked = [part.server for part in [*self.apis, *self.coordinators]]
        return [server for server in [*linked, *self.workers, *self.celery_workers] if server.is_started]

    def start(self) -> None:
        """Starts everything; returns when it is ready and somebody leads."""
        servers = [*(part.server for part in [*self.apis, *self.coordinators]), *self.workers, *self.celery_workers]
        for server in servers:
            server.start()
        for server in servers:
            server.wait_until_ready()
        self.leader()

    # Looking

    def leader(self, other_than: LinkedCoordinator | None = None, seconds: float = 15) -> LinkedCoordinator:
        """The coordinator that holds the lock."""

        def holder() -> LinkedCoordinator | None:
            name = self.installation.redis("HGET", "tasker:lock", "holder").rpartition(".")[0]
            found = next((one for one in self.coordinators if one.server.name == name), None)
            return None if found is other_than else found

        return eventually("somebody leads", holder, seconds)

    def standby(self) -> LinkedCoordinator:
        leader = self.leader()
        return next(one for one in self.coordinators if one is not leader)

    def epoch(self) -> int:
        return int(self.installation.redis("HGET", "tasker:lock", "epoch") or 0)

    def reign(self) -> Reign:
        """Terms and leaders' writes up to now."""
        return self._reader.read(self.feed.take())

    def next_term(self, after: int, seconds: float = 15) -> Term:
        """The first term with a higher epoch."""

        def found() -> Term | None:
            return next((term for term in self.reign().terms if term.epoch > after), None)

        return eventually(f"a term after epoch {after}", found, seconds)

    def first_act(self, epoch: int, seconds: float = 15) -> LeaderWrite:
        """The first write of a term that is about a scan."""

        def found() -> LeaderWrite | None:
            for write in reversed(self.reign().writes):
                if write.epoch < epoch:
                    break
                if write.key.startswith("tasker:scan:"):
                    first[0] = write
            return first[0]

        first: list[LeaderWrite | None] = [None]
        return eventually(f"an act under epoch {epoch}", found, seconds)

    # Breaking

    def note(self, kind: str, pid: int | None = None) -> float:
        """Journals a fault; answers its time."""
        fault = Fault(time.time(), kind, pid)
        self.faults.append(fault)
        return fault.time

    def kill(self, coordinator: LinkedCoordinator) -> float:
        """SIGKILL; answers the moment before."""
        moment = self.note("leader")
        coordinator.signal(signal.SIGKILL)
        eventually("it is dead", lambda: not coordinator.server.process.is_running(), 5, 0.002)
        return moment

    def revive(self, coordinator: LinkedCoordinator) -> None:
        coordinator.server.start()
        coordinator.server.wait_until_ready()

    def give_up(self, lost: str) -> None:
        """What a person does about an installation whose data is gone, while everything runs."""
        server = self.coordinators[0].server
        subprocess.run([*server.command(), "accept-installation", lost], env=server.environment(), check=True,
                       capture_output=True, timeout=20)

    def kill_worker(self, worker: ScriptedWorker | WorkerServer) -> None:
        self.note("worker", worker.process.pid)
        worker.process.kill()

    def ledger_fault(self, **rule: object) -> None:
        """Makes the ledger misbehave."""
        httpx.post(f"{self.installation.stack.ledger.url}/_standin/faults", json=rule).raise_for_status()

    def mend_ledger(self) -> None:
        httpx.delete(f"{self.installation.stack.ledger.url}/_standin/faults").raise_for_status()

    # Journals

    def journals(self, seconds: float = 120) -> Journals:
        """Waits until all scans have ended, and collects what was written down, also where one does not end."""
        deadline = time.monotonic() + seconds
        users = [self.alice, self.bob]
        for user in users:
            for scan in user.accepted:
                while user.has(scan.scan) and not user.has_ended(scan.scan) and time.monotonic() < deadline:
                    time.sleep(0.1)
        return self.written()

    def written(self) -> Journals:
        """What has been written down so far."""
        users = [self.alice, self.bob]
        return Journals(
            accepted=[scan for user in users for scan in user.accepted],
            endings=[ending for user in users for scan in user.accepted if (ending := user.ending(scan.scan))],
            receipts=[receipt for user in users for receipt in user.receipts],
            work=worker_entries(worker.journal for worker in self.workers if worker.journal.exists()),
            imports=imports(self.installation.stack.ledger.journal, self._began),
            dispatches=list(self.tap.dispatches) if self.tap else [],
            faults=list(self.faults),
            uncertain=frozenset().union(*(user.uncertain for user in users)),
            reign=self.reign(),
        )
