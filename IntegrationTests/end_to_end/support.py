"""What the tests say to a running installation, and what they read from it."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from celery import Celery
from kombu import Connection, Exchange, Producer, Queue

from local_stack.ledger_server import LedgerServer
from local_stack.stack import Stack
from local_stack.tasker_servers import APIServer, CoordinatorServer

ENDED = ("completed", "stopped", "failed", "dry_run")


def eventually(what: str, condition: Callable[[], Any], seconds: float = 30) -> Any:
    """Waits for a condition to hold and answers its value; fails, saying what it waited for, when it does not."""
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def request(hosts: list[str], ports: list[str], **changes: Any) -> dict[str, Any]:
    """A run-nmap body as falcli sends it."""
    options = {"skip_host_discovery": True, "dns_resolution": False, "transport_protocol": "tcp", "ports": ports}
    body = {
        "hosts": hosts,
        "open_ports_opts": {**options, **changes.pop("open_ports_opts", {})},
        "service_opts": {},
        "timeout": 60,
        "include_services": False,
        "single_resolve": False,
        "mode": "append",
        "track_history": True,
    }
    return {**body, **changes}


class Client:
    """One user at Tasker's API, through the load balancer, and at the ledger."""

    def __init__(self, url: str, token: str, project: str, ledger: LedgerServer) -> None:
        self.url = url
        self.project = project
        self.ledger = ledger
        self.http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def run(self, body: dict[str, Any], headers: dict[str, str] | None = None) -> httpx.Response:
        return self.http.post(f"/tasks/{self.project}/run-nmap", json=body, headers=headers)

    def start(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.run(body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def scan(self, scan_id: str) -> dict[str, Any]:
        """The scan's progress, checked against the accounting identity."""
        answer = self.http.get(f"/tasks/{self.project}/scans/{scan_id}")
        assert answer.status_code == 200, answer.text
        scan = answer.json()
        parts = ("pending", "in_flight", "parked", "done", "done_partial", "failed", "cancelled")
        assert scan["planned"] == sum(scan[part] for part in parts), scan
        assert all(scan[part] >= 0 for part in parts), scan
        assert scan["considered"] == scan["planned"] + scan["refused_total"], scan
        return scan

    def finish(self, scan_id: str, seconds: float = 120) -> dict[str, Any]:
        """Waits for the scan's end and answers its last state."""
        return eventually(
            f"scan {scan_id} ends: {self.scan(scan_id)}",
            lambda: (scan := self.scan(scan_id)) and scan["state"] in ENDED and scan,
            seconds,
        )

    def report(self, scan_id: str) -> list[dict[str, Any]]:
        """All lines of the scan's report."""
        answer = self.http.get(f"/tasks/{self.project}/scans/{scan_id}/report")
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]

    def post(self, path: str, body: Any = None) -> httpx.Response:
        """A POST under the project."""
        return self.http.post(f"/tasks/{self.project}/{path}", json=body)

    def status(self) -> dict[str, Any]:
        answer = self.http.get(f"/tasks/{self.project}/status")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def stop(self) -> dict[str, Any]:
        answer = self.http.get(f"/tasks/{self.project}/stop-nmap")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ledger_hosts(self) -> dict[str, dict[str, Any]]:
        """The project's hosts by address."""
        answer = httpx.get(
            f"{self.ledger.url}/projects/{self.project}/ips",
            params={"has_ports": "false", "skip": 0, "limit": 5000},
            headers={"Authorization": f"Bearer {self.ledger.tasker_token}"},
        )
        assert answer.status_code == 200, answer.text
        return {host["ip"]: host for host in answer.json()}

    def import_report(self, xml: str) -> None:
        """Brings a report of nmap to the project, past Tasker."""
        httpx.post(
            f"{self.ledger.url}/projects/{self.project}/ips/import",
            params={"mode": "append"},
            files={"file": ("report.xml", xml, "text/xml")},
            headers={"Authorization": f"Bearer {self.ledger.tasker_token}"},
        ).raise_for_status()

    def imports(self) -> dict[str, int]:
        """How often each address of the project was imported, by the ledger's journal."""
        counts: dict[str, int] = {}
        for line in self.ledger.journal.read_text().splitlines():
            entry = json.loads(line)
            if self.project in entry["path"] and entry["path"].endswith("/import") and entry.get("import"):
                for host in entry["import"]["hosts"]:
                    counts[host["ip"]] = counts.get(host["ip"], 0) + 1
        return counts


class Installation:
    """The processes of the stack, to be broken and mended."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def redis(self, *command: str) -> str:
        server = self.stack.redis
        line = ["redis-cli", "-h", "127.0.0.1", "-p", str(server.port), "-n", str(server.database), *command]
        done = subprocess.run(line, env={"REDISCLI_AUTH": server.password, "PATH": "/usr/bin"}, capture_output=True)
        return done.stdout.decode().strip()

    def readiness(self, server: APIServer | CoordinatorServer) -> tuple[int, dict[str, Any]]:
        """What a process of Tasker answers to `/readyz`."""
        answer = httpx.get(f"{server.url}/readyz")
        return answer.status_code, answer.json()

    def leader(self) -> CoordinatorServer:
        """The coordinator that holds the lock."""
        holder = eventually("somebody leads", lambda: self.redis("HGET", "tasker:lock", "holder"))
        return next(server for server in self.stack.coordinators if holder.startswith(f"{server.name}."))

    def kill(self, server: CoordinatorServer) -> None:
        server.process.send(signal.SIGKILL)
        eventually(f"{server.name} is dead", lambda: not server.process.is_running())

    def fault(self, **rule: Any) -> None:
        """Makes the ledger misbehave."""
        httpx.post(f"{self.stack.ledger.url}/_standin/faults", json=rule).raise_for_status()

    def clear_faults(self) -> None:
        httpx.delete(f"{self.stack.ledger.url}/_standin/faults").raise_for_status()

    @contextmanager
    def reconfigured(self, **settings: str) -> Iterator[None]:
        """The coordinators, started anew with other settings for a while."""
        self._restart_coordinators(settings)
        try:
            yield
        finally:
            self._restart_coordinators({})

    def _restart_coordinators(self, settings: dict[str, str]) -> None:
        for server in self.stack.coordinators:
            self.kill(server)
            server.changes = settings
        self.mend()

    def revoked_tasks(self, worker: str) -> list[str]:
        """The ids that a worker refuses, by its own answer."""
        app = Celery("probe", broker=self.stack.rabbitmq.url, set_as_current=False)
        with app.connection_or_acquire() as connection:
            answers = app.control.inspect([f"tasker@{worker}"], timeout=5, connection=connection).revoked()
        return (answers or {}).get(f"tasker@{worker}", [])

    def mend(self) -> None:
        self.clear_faults()
        for server in self.stack.coordinators:
            if not server.process.is_running():
                server.start()
                server.wait_until_ready()


def running_nmaps(part: str) -> list[str]:
    """Command lines of nmap processes that contain the text."""
    lines = []
    for process in Path("/proc").iterdir():
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if line.startswith("nmap ") and part in line:
            lines.append(line)
    return lines


class TaskCopies:
    """Copies of the task messages that are sent from here on, to be sent again, as by a leader that was away."""

    def __init__(self, broker: str) -> None:
        self._connection = Connection(broker)
        exchange = Exchange("nmap_exchange", "topic", durable=True)
        queue = Queue(f"test.copies.{time.time_ns()}", exchange, routing_key="#", exclusive=True, auto_delete=True)
        self._queue = queue.bind(self._connection.default_channel)

    def __enter__(self) -> TaskCopies:
        self._queue.declare()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.release()

    def send_again(self) -> list[str]:
        """Sends them all, and answers the ids of their tasks."""
        ids = []
        copies = []
        while (message := self._queue.get(no_ack=True)) is not None:
            copies.append(message)
        for message in copies:
            Producer(self._connection.default_channel).publish(
                message.body, exchange=self._queue.exchange, routing_key=message.delivery_info["routing_key"],
                headers=message.headers, content_type=message.content_type,
                content_encoding=message.content_encoding, reply_to=message.properties["reply_to"],
                correlation_id=message.properties["correlation_id"])
            ids.append(message.headers["id"])
        return ids

    def waiting(self, queue: str) -> int:
        """How many messages of a queue no worker has taken."""
        return self._connection.default_channel.queue_declare(queue, passive=True).message_count


class TaskStarts:
    """Watches workers' events for scan tasks that start."""

    def __init__(self, broker: str) -> None:
        self._broker = broker
        self._scans: set[str] = set()
        self._starts: list[tuple[float, str]] = []
        self._ready = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> TaskStarts:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)

    def times(self) -> list[float]:
        """When tasks started, by the workers' clock, in order."""
        return sorted(moment for moment, _ in self._starts)

    def tasks(self) -> list[str]:
        """The ids of the tasks that started, each as often as it did."""
        return [task for _, task in self._starts]

    def _watch(self) -> None:
        exchange = Exchange("celeryev", "topic", durable=True)
        queue = Queue(f"test.starts.{time.time_ns()}", exchange, routing_key="task.#", exclusive=True, auto_delete=True)
        with Connection(self._broker) as connection, connection.Consumer(queue, callbacks=[self._take], no_ack=True):
            self._ready.set()
            while not self._stop.is_set():
                try:
                    connection.drain_events(timeout=0.2)
                except TimeoutError:
                    pass

    def _take(self, body: Any, _: Any) -> None:
        for event in body if isinstance(body, list) else [body]:
            if event["type"] == "task-received" and event["name"].startswith("tasker.nmap."):
                self._scans.add(event["uuid"])
            elif event["type"] == "task-started" and event["uuid"] in self._scans:
                self._starts.append((event["timestamp"], event["uuid"]))
