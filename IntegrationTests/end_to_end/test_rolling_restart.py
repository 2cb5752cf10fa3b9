"""Every process of Tasker is restarted, one after the other, while users work with it."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from local_stack.stack import Stack
from support import Client, TaskStarts, eventually, request

#: So slow that the scan outlasts the restarts.
SLOW = {"max_rate": 10}
TARGETS = [f"127.0.21.{number}" for number in range(1, 161)]


class Load:
    """Requests through the balancer without a pause, each of which has to be answered well."""

    def __init__(self) -> None:
        self.answered = 0
        self.failures: list[str] = []
        self._stop = threading.Event()

    @contextmanager
    def of(self, *sources: Callable[[], httpx.Response], pause: float = 0.02) -> Iterator[None]:
        threads = [threading.Thread(target=self._repeat, args=(source, pause)) for source in sources]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(60)

    def _repeat(self, source: Callable[[], httpx.Response], pause: float) -> None:
        while not self._stop.is_set():
            try:
                answer = source()
                if answer.status_code not in (200, 202):
                    self.failures.append(f"{time.time():.3f} {answer.status_code} {answer.text}")
            except httpx.HTTPError as error:
                self.failures.append(f"{time.time():.3f} {error!r}")
            self.answered += 1
            self._stop.wait(pause)


def test_everything_is_restarted_and_nobody_notices(stack: Stack, alice: Client, bob: Client) -> None:
    """No request fails, over old connections and new ones; no target is lost, or scanned or imported twice."""
    submitted: list[str] = []
    earlier = {worker.name: worker.process.pid for worker in (*stack.apis, *stack.coordinators, *stack.workers)}

    def submit() -> httpx.Response:
        time.sleep(0.1)
        answer = bob.run(request([f"127.0.22.{len(submitted) + 1}"], ["1"]))
        if answer.status_code in (200, 202):
            submitted.append(answer.json()["scan_id"])
        return answer

    def status_over_a_new_connection() -> httpx.Response:
        return httpx.get(f"{alice.url}/tasks/{alice.project}/status", headers=alice.http.headers, timeout=60)

    def status() -> httpx.Response:
        return alice.http.get(f"/tasks/{alice.project}/status")

    load = Load()
    with TaskStarts(stack.rabbitmq.url) as starts:
        started = alice.start(request(["127.0.21.1-160"], ["1-15"], open_ports_opts=SLOW))
        eventually("targets run", lambda: alice.status()["running"])
        with load.of(status, status_over_a_new_connection, submit):
            stack.restart_rolling()
            assert alice.scan(started["scan_id"])["state"] == "running", "the scan outlasts the restarts"
        assert load.failures == []
        scan = alice.finish(started["scan_id"])
        assert (scan["state"], scan["done"]) == ("completed", len(TARGETS)), scan
        for scan_id in submitted:
            assert bob.finish(scan_id)["done"] == 1
    assert load.answered > 100 and len(submitted) > 5
    assert all(
        server.process.pid != earlier[server.name] for server in (*stack.apis, *stack.coordinators, *stack.workers))
    imports = alice.imports()
    assert {ip: imports.get(ip, 0) for ip in TARGETS} == dict.fromkeys(TARGETS, 1)
    assert all(bob.imports()[f"127.0.22.{number}"] == 1 for number in range(1, len(submitted) + 1))
    assert len(starts.tasks()) == len(set(starts.tasks())) == len(TARGETS) + len(submitted), "each was scanned once"


def test_a_replica_that_is_told_to_end_is_taken_out_of_service_first(stack: Stack, alice: Client) -> None:
    """An old connection still gets its answer, and is closed with it; then nobody listens any more."""
    replica = stack.apis[0]
    path = f"/tasks/{alice.project}/status"
    with httpx.Client(base_url=replica.url, headers=alice.http.headers) as old:
        assert "connection" not in old.get(path).headers
        replica.process.send(signal.SIGTERM)
        try:
            eventually("it says that it ends", lambda: httpx.get(f"{replica.url}/readyz").status_code == 503, seconds=1)
            answer = old.get(path)
            assert (answer.status_code, answer.headers["connection"]) == (200, "close")
            assert httpx.get(f"{replica.url}{path}", headers=alice.http.headers).status_code == 200
            replica.process.wait_for_end(10)
        finally:
            replica.process.kill()
            replica.start()
            replica.wait_until_ready()
