"""Where Tasker differs from the original on purpose, one test each. The original fails every one of them."""

from __future__ import annotations

import time

from support import Client, eventually, request, running_nmaps

SLOW = {"max_rate": 10}


def test_overlapping_networks_keep_all_their_hosts(alice: Client) -> None:
    """The original keys a network by its first host, and drops the rest."""
    answer = alice.start(request(["127.0.4.0/28", "127.0.4.0/29", "127.0.4.0/30", "127.0.4.1"], ["1"], dry_run=True))
    summary = answer["summary"]
    assert (summary["sent_to_scan"], summary["duplicates_removed"], summary["provided"]) == (14, 9, 23), summary


def test_private_addresses_are_refused_as_private(alice: Client) -> None:
    """The original calls them unresolvable."""
    answer = alice.start(request(["10.1.2.3", "192.168.0.0/30", "nosuch.tasker.test"], ["1"], dry_run=True))
    refused = answer["summary"]["refused"]
    assert (refused["private_ip"], refused["unresolvable"]) == (3, 1), refused


def test_names_of_known_hosts_are_merged(bob: Client) -> None:
    """The original says that it merges them, and does not."""
    bob.finish(bob.start(request(["127.0.0.33"], ["1"]))["scan_id"])
    answer = bob.start(request(["127.0.0.33", "demo-b.tasker.test"], ["1"], mode="insert"))
    assert answer["summary"]["refused"]["already_in_scanledger"] == 1, answer
    assert answer["summary"]["sent_to_scan"] == 0
    assert answer["prepared_targets"]["127.0.0.33"]["reason"] == "already_in_scanledger"
    assert "demo-b.tasker.test" in bob.ledger_hosts()["127.0.0.33"]["hostnames"]
    assert bob.scan(answer["scan_id"])["state"] == "completed"


def test_running_targets_are_the_projects_own(alice: Client, bob: Client) -> None:
    """The original shows every project's to everybody."""
    slow = {"max_rate": 10}
    first = alice.start(request(["127.0.0.50-53"], ["1-30"], open_ports_opts=slow))
    second = bob.start(request(["127.0.0.60-63"], ["1-30"], open_ports_opts=slow))
    own = {f"127.0.0.{number}" for number in range(50, 54)}
    status = eventually("a target of alice's runs", lambda: (s := alice.status()) and s["running"] and s)
    assert status["running"] == len(status["running_targets"])
    assert status["active_or_queued"] >= 1
    for target in status["running_targets"]:
        assert target["ip"] in own, target
        assert target["worker"] in ("worker-1", "worker-2"), target
        assert isinstance(target["started_at"], int) and target["hostnames"] == []
    others = eventually("a target of bob's runs", lambda: (s := bob.status()) and s["running"] and s)
    assert not own & {target["ip"] for target in others["running_targets"]}
    for client, scan in ((alice, first), (bob, second)):
        assert client.finish(scan["scan_id"])["done"] == 4
        assert client.status() == {"active_or_queued": 0, "running": 0, "running_targets": []}


def test_addresses_are_counted_as_addresses_and_only_names_that_resolved_collapse(alice: Client) -> None:
    """The original counts names among the addresses, and those without an address as collapsed."""
    hosts = ["127.0.0.17", "demo-a.tasker.test", "nosuch-1.tasker.test", "nosuch-2.tasker.test"]
    summary = alice.start(request(hosts, ["1"], dry_run=True))["summary"]
    assert (summary["resolved_ips"], summary["hostnames_collapsed_to_ip"]) == (1, 1), summary
    assert summary["refused"]["unresolvable"] == 2


def test_ports_are_compared_as_sets_and_by_protocol(alice: Client) -> None:
    """The original compares the texts, and does not ask for the protocol."""
    running = alice.start(request(["127.0.4.20-23"], ["1-30"], open_ports_opts=SLOW))
    same = alice.start(request(["127.0.4.20-25"], ["16-30", "1-15", "7"], dry_run=True))
    assert same["summary"]["refused"]["already_in_queue"] == 4, same
    assert same["prepared_targets"]["127.0.4.20"]["covered_by"] == running["scan_id"]
    for other in ({"ports": ["1-31"]}, {"transport_protocol": "udp"}):
        answer = alice.start(request(["127.0.4.20-25"], ["1-30"], open_ports_opts=other, dry_run=True))
        assert answer["summary"]["refused"]["already_in_queue"] == 0, (other, answer)
    alice.stop()


def test_a_misspelt_field_is_refused(alice: Client) -> None:
    """The original ignores it, and scans what was to be left out."""
    answer = alice.run({**request(["127.0.4.30"], ["1"]), "exlude": ["127.0.4.30"]})
    assert answer.status_code == 422
    assert "'exclude'" in answer.json()["detail"][0]["msg"]
    assert answer.json()["detail"][0]["loc"] == ["body", "exlude"]


def test_a_stop_is_final(bob: Client) -> None:
    """The original's messages come back: what was revoked late, or redelivered, is scanned after all."""
    scan = bob.start(request(["127.0.4.64/26"], ["1-40"], open_ports_opts=SLOW))["scan_id"]
    eventually("a target runs", lambda: bob.status()["running"])
    receipt = bob.stop()
    assert receipt["status"] == "stopped" and receipt["unconfirmed"] == 0, receipt
    eventually("nmap is dead", lambda: not running_nmaps("127.0.4."), seconds=5)
    end = time.monotonic() + 3
    while time.monotonic() < end:
        assert not running_nmaps("127.0.4.")
        time.sleep(0.1)
    state = bob.scan(scan)
    assert state["state"] == "stopped" and state["cancelled"] == receipt["revoked"], (state, receipt)
    assert bob.status()["active_or_queued"] == 0
