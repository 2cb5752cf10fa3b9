"""Existing Falcoria workers, unmodified, chain the phases and upload by themselves; Tasker follows them by events and keys."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kombu import Connection

from existing_worker.server import ExistingWorker
from local_stack.stack import Stack
from support import Client, Installation, eventually, request

PORTS = ["80", "443"]
#: Each twin has a name of its own, so that nothing is believed of it that was true of one before.
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def existing_workers_alone(stack: Stack) -> Iterator[None]:
    """No reference worker is alive, so that scans are the existing workers'."""
    for worker in stack.workers:
        worker.stop()
    installation = Installation(stack)
    try:
        eventually("the reference workers are gone", lambda: all(is_silent(installation, w.name) for w in stack.workers))
        yield
    finally:
        for worker in stack.workers:
            worker.start()
        for worker in stack.workers:
            worker.wait_until_ready()


@pytest.fixture
def twins(stack: Stack, existing_workers_alone: None) -> Iterator[Callable[..., list[ExistingWorker]]]:
    """Starts twins; they are gone afterwards."""
    started: list[ExistingWorker] = []

    def start(count: int = 2, **behaviour: object) -> list[ExistingWorker]:
        for _ in range(count):
            started.append(ExistingWorker(stack, f"existing-{next(NUMBERS)}", **behaviour))
            started[-1].start()
        for twin in started:
            twin.wait_until_ready()
        return started

    try:
        yield start
    finally:
        for twin in started:
            twin.process.kill()


def is_silent(installation: Installation, host: str) -> bool:
    """Whether nothing was heard of a worker for longer than it takes until it counts as gone."""
    seen = installation.redis("HGET", f"worker:{host}", "last_seen")
    return not seen or time.time() - int(seen) > 12


def chaining(installation: Installation, scan: str) -> str:
    return installation.redis("HGET", f"tasker:scan:{scan}", "chaining")


def shared_keys(installation: Installation) -> list[str]:
    """What is in Redis of whole tasks. Addresses are of this module alone."""
    patterns = ("project:*task_ids", "user:*:task_ids", "task:*:metadata:nmap", "lock:*", "running:task:*", "running_tool:*")
    return [key for pattern in patterns for key in installation.redis("--scan", "--pattern", pattern).split("\n") if key]


def fake_nmaps() -> list[str]:
    """Processes that stand for nmap at the twins."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            line = (process / "cmdline").read_bytes().split(b"\0")[0].decode(errors="replace")
        except OSError:
            continue
        if line.startswith("twin-nmap "):
            found.append(line)
    return found


def reasons(client: Client, scan: str) -> dict[str, tuple[str, str | None]]:
    """Outcome and reason by address."""
    return {line["ip"]: (line["outcome"], line.get("reason")) for line in client.report(scan)}


def test_a_whole_scan(alice: Client, installation: Installation, twins) -> None:
    workers = twins(slots=2, seconds=0.4)
    started = alice.start(request(["127.0.18.0/27"], PORTS, include_services=True, mode="insert"))
    seen: dict[str, dict] = {}

    def is_over() -> bool:
        for target in alice.status()["running_targets"]:
            seen[target["ip"]] = target
        return alice.scan(started["scan_id"])["state"] == "completed"

    eventually("the scan ends", is_over, 90)
    scan = alice.scan(started["scan_id"])
    assert scan["done"] == 30, scan
    assert chaining(installation, started["scan_id"]) == "worker"
    assert len(seen) >= 10, "status shows what workers are busy with"
    assert {target["worker"] for target in seen.values()} == {twin.name for twin in workers}
    ledger = alice.ledger_hosts()
    for number in range(1, 31):
        ports = {(port["number"], port["product"]) for port in ledger[f"127.0.18.{number}"]["ports"]}
        assert ports == {(80, "httpd"), (443, "httpd")}
        assert alice.imports()[f"127.0.18.{number}"] == 1
    assert eventually("no key is left", lambda: not shared_keys(installation), 5)


def test_a_success_without_a_host_in_the_ledger_is_a_failure(alice: Client, installation: Installation, twins) -> None:
    twins(1, slots=4, seconds=0.1, faults={
        "127.0.18.65": "times_out", "127.0.18.66": "cannot_upload", "127.0.18.67": "raises",
    })
    started = alice.start(request(["127.0.18.65-70"], PORTS))
    scan = alice.finish(started["scan_id"])
    assert (scan["done"], scan["failed"]) == (3, 3), scan
    outcomes = reasons(alice, started["scan_id"])
    # Events are no promise: where the one that says "failed" is missed, what ScanLedger shows decides.
    assert outcomes.pop("127.0.18.67") in {("failed", "worker_error"), ("failed", "not_in_ledger")}
    assert outcomes == {
        "127.0.18.65": ("failed", "not_in_ledger"),
        "127.0.18.66": ("failed", "not_in_ledger"),
        **{f"127.0.18.{number}": ("done", None) for number in range(68, 71)},
    }
    assert not shared_keys(installation)


def test_where_an_upload_renews_a_host_one_that_was_known_before_is_no_evidence(
    alice: Client, installation: Installation, twins
) -> None:
    twins(1, slots=4, seconds=0.1, faults={"127.0.18.75": "cannot_upload"})
    # Known from a scan of long ago.
    old = (Path(__file__).parents[2] / "Tests/NmapTests/Fixtures/open_ports.xml").read_text()
    assert "127.0.0.1" in old
    alice.import_report(old.replace("127.0.0.1", "127.0.18.75"))
    started = alice.start(request(["127.0.18.75", "127.0.18.76"], PORTS, mode="update"))
    alice.finish(started["scan_id"])
    assert reasons(alice, started["scan_id"]) == {
        "127.0.18.75": ("failed", "not_in_ledger"), "127.0.18.76": ("done", None),
    }


def test_a_task_of_a_worker_that_dies_goes_to_another_one(alice: Client, installation: Installation, twins) -> None:
    """Late acknowledgement: the broker hands it out again, and the coordinator adds nothing."""
    first, second = twins(seconds=2)
    started = alice.start(request(["127.0.18.80-85"], PORTS))
    eventually("the first one is busy", lambda: first.name in {t["worker"] for t in alice.status()["running_targets"]})
    first.process.kill()
    scan = alice.finish(started["scan_id"])
    assert scan["done"] == 6, scan
    assert all(alice.imports()[f"127.0.18.{number}"] == 1 for number in range(80, 86))
    assert not shared_keys(installation)


def test_a_task_that_is_lost_with_its_worker_fails(alice: Client, installation: Installation, twins) -> None:
    """Early acknowledgement: nobody has the task any more, and the coordinator adds no attempt of its own."""
    first, second = twins(seconds=2, acks="early")
    started = alice.start(request(["127.0.18.90-93"], PORTS))
    busy = eventually(
        "the first one is busy",
        lambda: [t["ip"] for t in alice.status()["running_targets"] if t["worker"] == first.name],
    )
    first.process.kill()
    scan = alice.finish(started["scan_id"])
    lost = {ip for ip, (_, reason) in reasons(alice, started["scan_id"]).items() if reason == "lost"}
    # What it had taken besides, and not begun, is lost with it.
    assert set(busy) <= lost and len(lost) <= 2, (busy, lost)
    assert scan["done"] == 4 - len(lost), scan
    assert not shared_keys(installation)


def test_a_lost_message_fails_its_target(alice: Client, installation: Installation, twins) -> None:
    twins(1, seconds=3)
    started = alice.start(request(["127.0.18.100-103"], PORTS))
    eventually("one is under way", lambda: alice.status()["running"] == 1)
    with Connection(installation.stack.rabbitmq.url) as connection:
        lost = connection.default_channel.queue_purge("nmap_scan_queue")
    # One is with the worker, and Tasker itself may have been looking at another.
    assert 1 <= lost <= 3
    scan = alice.finish(started["scan_id"])
    assert (scan["done"], scan["failed"]) == (4 - lost, lost), scan
    assert [reason for _, reason in reasons(alice, started["scan_id"]).values() if reason] == ["lost"] * lost
    assert not shared_keys(installation)


def test_after_a_stop_nothing_goes_on_and_nothing_is_left(alice: Client, installation: Installation, twins) -> None:
    twins(seconds=60)
    started = alice.start(request(["127.0.18.110-125"], PORTS, timeout=300))
    eventually("both are busy", lambda: alice.status()["running"] == 2)
    eventually("both have an nmap", lambda: len(fake_nmaps()) == 2)
    receipt = alice.stop()
    assert (receipt["status"], receipt["revoked"], receipt["unconfirmed"]) == ("stopped", 16, 0), receipt
    assert fake_nmaps() == [], "the nmap of a child that was ended goes too"
    assert shared_keys(installation) == []
    assert alice.scan(started["scan_id"])["cancelled"] == 16
    time.sleep(3)
    assert fake_nmaps() == [] and alice.status() == {"active_or_queued": 0, "running": 0, "running_targets": []}
    assert not {f"127.0.18.{number}" for number in range(110, 126)} & set(alice.imports())


def test_a_new_leader_follows_what_the_last_one_dispatched(alice: Client, installation: Installation, twins) -> None:
    twins(seconds=1)
    started = alice.start(request(["127.0.18.130-141"], PORTS))
    eventually("some are under way", lambda: alice.status()["running"] == 2)
    installation.kill(installation.leader())
    scan = alice.finish(started["scan_id"])
    assert scan["done"] == 12, scan
    assert all(alice.imports()[f"127.0.18.{number}"] == 1 for number in range(130, 142))
    assert eventually("no key is left", lambda: not shared_keys(installation), 5)


def test_with_a_reference_worker_too_the_coordinator_chains(alice: Client, installation: Installation, twins) -> None:
    twins(1)
    reference = installation.stack.workers[0]
    reference.start()
    reference.wait_until_ready()
    try:
        started = alice.start(request(["127.0.18.150"], ["1"]))
        assert alice.finish(started["scan_id"])["done"] == 1
        assert chaining(installation, started["scan_id"]) == "coordinator"
    finally:
        reference.stop()
        eventually("it is gone", lambda: is_silent(installation, reference.name))


def test_workers_are_asked_for_their_address_and_listed(alice: Client, installation: Installation, twins) -> None:
    for twin in twins():
        installation.redis("HDEL", f"worker:{twin.name}", "ip")
    wanted = {twin.name: twin.address for twin in twins(1)}

    def listed() -> bool:
        answer = alice.http.get("/workers/ips").json()["workers"]
        return {host: answer[host]["ip"] for host in wanted if host in answer} == wanted

    eventually("a new worker has all of them tell their address", listed)

    def described() -> list[dict] | None:
        workers = [worker for worker in alice.http.get("/workers").json()["workers"] if worker["host"] in wanted]
        return workers if all(worker["takes"] == ["worker"] and worker.get("slots") for worker in workers) else None

    for worker in eventually("all have said what they take", described):
        assert (worker["ip"], worker["state"]) == (wanted[worker["host"]], "idle"), worker
        assert (worker["slots"], worker["active_tasks"]) == (1, 0), worker
        assert worker["software"].startswith("py-celery "), worker
