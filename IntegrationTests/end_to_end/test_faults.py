"""What users see, and what the ledger gets, when something breaks in the middle of a scan."""

from __future__ import annotations

import signal
import time

import httpx

from support import Client, Installation, TaskCopies, TaskStarts, eventually, request, running_nmaps

SLOW = {"max_rate": 10}


def test_the_leader_is_killed_and_each_target_is_imported_once(alice: Client, installation: Installation) -> None:
    """SIGKILL of the leading coordinator during a scan of 64 targets."""
    targets = [f"127.0.1.{number}" for number in range(1, 65)]
    with TaskStarts(installation.stack.rabbitmq.url) as starts:
        started = alice.start(request(["127.0.1.1-64"], ["1-15"], open_ports_opts=SLOW))
        assert started["summary"]["sent_to_scan"] == 64
        eventually("some targets are done", lambda: alice.scan(started["scan_id"])["done"] >= 8)
        victim = installation.leader()
        installation.kill(victim)
        assert alice.scan(started["scan_id"])["done"] < 64, "the leader was killed in the middle"
        successor = eventually("another one leads", lambda: (l := installation.leader()) is not victim and l)
        scan = alice.finish(started["scan_id"], seconds=180)
    assert successor.process.is_running()
    assert (scan["state"], scan["done"]) == ("completed", 64), scan
    imports = alice.imports()
    assert {ip: imports.get(ip, 0) for ip in targets} == dict.fromkeys(targets, 1)
    assert len(starts.tasks()) == len(set(starts.tasks())) == 64, "each target was scanned once"


def test_a_leader_that_is_told_to_end_hands_over_at_once(alice: Client, installation: Installation) -> None:
    """SIGTERM: the successor leads well before the lease of 3 s would have ended, and the process is gone."""
    started = alice.start(request(["127.0.5.1-24"], ["1-15"], open_ports_opts=SLOW))
    eventually("something runs", lambda: alice.status()["running"])
    leader = installation.leader()
    leader.process.send(signal.SIGTERM)
    eventually("another one leads", lambda: installation.leader() is not leader, seconds=2)
    eventually("the process is gone", lambda: not leader.process.is_running(), seconds=10)
    scan = alice.finish(started["scan_id"])
    assert (scan["state"], scan["done"]) == ("completed", 24), scan
    assert all(alice.imports()[f"127.0.5.{number}"] == 1 for number in range(1, 25))


def test_coordinators_that_come_after_the_workers_give_them_tasks(alice: Client, installation: Installation) -> None:
    """Who has not heard a worker start is greeted by none and asks them all."""
    for coordinator in installation.stack.coordinators:
        installation.kill(coordinator)
    installation.mend()
    started = alice.start(request(["127.0.5.64-67"], ["1"]))
    assert alice.finish(started["scan_id"], seconds=30)["done"] == 4


def test_a_stop_half_way_is_the_end(bob: Client, installation: Installation) -> None:
    """Nothing starts after the answer, and the answer's counts match what the ledger got."""
    targets = {f"127.0.2.{number}" for number in range(1, 65)}
    with TaskStarts(installation.stack.rabbitmq.url) as starts:
        started = bob.start(request(["127.0.2.1-64"], ["1-15"], open_ports_opts=SLOW))
        eventually("some targets are done", lambda: bob.scan(started["scan_id"])["done"] >= 8)
        receipt = bob.stop()
        answered = time.time()
        assert receipt["status"] == "stopped" and receipt["unconfirmed"] == 0, receipt
        assert receipt["finishing"] == 0, receipt
        scan = bob.scan(started["scan_id"])
        assert (scan["state"], scan["cancelled"]) == ("stopped", receipt["revoked"]), scan
        assert bob.status() == {"active_or_queued": 0, "running": 0, "running_targets": []}
        imported = targets & bob.ledger_hosts().keys()
        assert len(imported) == 64 - receipt["revoked"] == scan["done"] > 0
        assert running_nmaps("127.0.2.") == [], "nmap is dead by the answer"

        time.sleep(4)  # longer than a target takes: what started by mistake would be seen or imported by now
        assert running_nmaps("127.0.2.") == []
        assert targets & bob.ledger_hosts().keys() == imported
        assert bob.scan(started["scan_id"]) == scan
    times = starts.times()
    assert len([moment for moment in times if moment <= answered]) >= 8, "the watch sees starts"
    assert [moment for moment in times if moment > answered] == []
    assert bob.stop() == {"status": "no_tasks", "revoked": 0, "unconfirmed": 0, "finishing": 0}


def test_a_stop_while_targets_end_and_others_begin_is_confirmed(bob: Client) -> None:
    """Workers that are told to end a task while they send its result or start its nmap: they end it, and take others."""
    for _ in range(3):
        scan = bob.start(request(["127.0.2.128/26"], ["1-40"], open_ports_opts=SLOW))["scan_id"]
        eventually("some targets are done", lambda: bob.scan(scan)["done"])
        receipt = bob.stop()
        assert receipt.items() >= {"status": "stopped", "unconfirmed": 0}.items(), receipt
    assert bob.finish(bob.start(request(["127.0.2.200-207"], ["1"]))["scan_id"])["done"] == 8


def test_a_stop_also_ends_a_scan_that_is_being_planned(alice: Client, installation: Installation) -> None:
    installation.fault(match="/ips", method="GET", status=503)
    answer = alice.run(request(["127.0.0.90"], ["1"], mode="insert"), headers={"Prefer": "wait=1"})
    assert answer.status_code == 202
    scan_id = answer.json()["scan_id"]
    waiting = eventually(
        "planning waits", lambda: (s := alice.scan(scan_id)) and s["state"] == "waiting_for_scanledger" and s
    )
    assert waiting["detail"]
    assert alice.status()["active_or_queued"] == 1
    assert alice.stop()["status"] == "stopped"
    assert alice.scan(scan_id)["state"] == "stopped"


def test_while_the_ledger_is_away_planning_waits_and_then_goes_on(alice: Client, installation: Installation) -> None:
    installation.fault(match="/ips", method="GET", status=503)
    answer = alice.run(request(["127.0.0.91"], ["1"], mode="insert"), headers={"Prefer": "wait=1"})
    assert answer.status_code == 202 and answer.json()["state"] in ("planning", "waiting_for_scanledger")
    installation.clear_faults()
    assert alice.finish(answer.json()["scan_id"])["done"] == 1


def test_an_import_without_an_answer_is_not_repeated(alice: Client, installation: Installation) -> None:
    installation.fault(match="/import", method="POST", drop_reply=True, times=1)
    started = alice.start(request(["127.0.0.92"], ["1"]))
    assert alice.finish(started["scan_id"])["done"] == 1
    assert alice.imports()["127.0.0.92"] == 1


def test_an_import_that_fails_is_tried_again(alice: Client, installation: Installation) -> None:
    installation.fault(match="/import", method="POST", status=503, times=2)
    started = alice.start(request(["127.0.0.93"], ["1"]))
    assert alice.finish(started["scan_id"])["done"] == 1
    assert "127.0.0.93" in alice.ledger_hosts()


def test_without_the_ledger_nobody_is_let_in(stack, installation: Installation) -> None:
    """Away is 503, never 401, and nothing is accepted."""
    installation.fault(match=r"^/projects", status=503)
    other = "0b9e3f0e-0000-4000-8000-00000000000a"
    answer = httpx.post(
        f"{stack.balancer.url}/tasks/{other}/run-nmap",
        json=request(["127.0.0.94"], ["1"]),
        headers={"Authorization": "Bearer nobody-knows-this-one"},
    )
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_worker_that_dies_with_a_task_is_replaced(alice: Client, installation: Installation) -> None:
    """SIGKILL of a worker: its targets are scanned elsewhere."""
    started = alice.start(request(["127.0.3.1-8"], ["1-40"], open_ports_opts=SLOW))
    eventually("worker-1 is busy", lambda: "worker-1" in {t["worker"] for t in alice.status()["running_targets"]})
    victim = installation.stack.workers[0]
    victim.process.kill()
    try:
        scan = alice.finish(started["scan_id"], seconds=180)
        assert (scan["state"], scan["done"]) == ("completed", 8), scan
        assert all(alice.imports()[f"127.0.3.{number}"] == 1 for number in range(1, 9))
    finally:
        victim.start()
        victim.wait_until_ready()


def test_workers_that_start_after_a_stop_take_nothing_until_they_are_told_what_to_refuse(
    bob: Client, installation: Installation
) -> None:
    """Workers forget in their restart what was revoked, and cancelled tasks are in the queue again. No coordinator is there
    to tell them; then one comes, which did not lead at the stop."""
    workers = installation.stack.workers
    broker = installation.stack.rabbitmq.url
    with TaskCopies(broker) as copies, TaskStarts(broker) as starts:
        bob.start(request(["127.0.3.64/27"], ["1-40"], open_ports_opts=SLOW))
        eventually("targets run", lambda: bob.status()["running"] >= 2)
        for worker in workers:
            worker.process.kill()
        assert bob.stop()["revoked"] == 30
        for coordinator in installation.stack.coordinators:
            installation.kill(coordinator)
        started = len(starts.tasks())
        cancelled = set(copies.send_again())
        assert len(cancelled) > started
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.wait_until_ready()
        time.sleep(4)
        assert copies.waiting("nmap_open_ports_queue") == len(cancelled), "no worker takes what it may have to refuse"
        installation.stack.coordinators[0].start()
        eventually("all are taken", lambda: copies.waiting("nmap_open_ports_queue") == 0, seconds=20)
        # One that asked while nobody led asks again, and the other one takes what is there.
        eventually("all workers were told", lambda: all(
            cancelled <= set(installation.revoked_tasks(worker.name)) for worker in workers
        ))
        time.sleep(4)
        assert len(starts.tasks()) == started and running_nmaps("127.0.3.") == []
    eventually("nothing is open of the stop", lambda: bob.stop()["unconfirmed"] == 0)


def test_silence_is_not_consent(bob: Client, installation: Installation) -> None:
    """A worker that is frozen while its nmap runs on, for longer than it counts as alive (10 s) and than the broker
    keeps its connection (two heartbeats of 10 s): receipts count its target, a new leader's too, and nmap ends when it
    wakes."""
    eventually("no stop is open", lambda: bob.stop()["unconfirmed"] == 0, seconds=10)
    bob.start(request(["127.0.6.1"], ["1-65535"], open_ports_opts={"max_rate": 5}, timeout=300))
    eventually("nmap runs", lambda: running_nmaps("127.0.6.1") and bob.status()["running"])
    host = bob.status()["running_targets"][0]["worker"]
    frozen = next(worker for worker in installation.stack.workers if worker.name == host)
    frozen.process.send(signal.SIGSTOP)
    try:
        time.sleep(12)
        receipt = bob.stop()
        assert receipt.items() >= {"status": "stopped", "revoked": 1}.items()
        # The task is retried about now, and while the broker holds the worker's connection neither attempt is confirmed.
        assert receipt["unconfirmed"] in (1, 2), receipt
        installation.kill(installation.leader())
        eventually("another one leads", lambda: installation.leader().process.is_running(), seconds=10)
        again = bob.stop()
        assert again.items() >= {"status": "no_tasks", "revoked": 0, "finishing": 0}.items()
        assert 1 <= again["unconfirmed"] <= receipt["unconfirmed"], again
        assert len(running_nmaps("127.0.6.1")) == 1, "nmap runs on, for its worker is frozen"
    finally:
        frozen.process.send(signal.SIGCONT)
    eventually("nmap is dead", lambda: not running_nmaps("127.0.6.1"), seconds=5)
    assert bob.stop() == {"status": "no_tasks", "revoked": 0, "unconfirmed": 0, "finishing": 0}
