"""A user posts hosts, and their ports and services stand in ScanLedger."""

from __future__ import annotations

import demo
from support import Client, Installation, eventually, request


def open_ports(host: dict) -> list[tuple[int, str]]:
    """Number and product of each open port."""
    return [(port["number"], port["product"]) for port in host["ports"] if port["state"] == "open"]


def test_services_with_versions_stand_in_the_ledger(alice: Client) -> None:
    started = alice.start(
        request(demo.HOSTS, demo.PORTS, include_services=True, timeout=120)
    )
    summary = started["summary"]
    assert summary["sent_to_scan"] == 7, summary  # .17-.22 of the network, and .33
    assert summary["hostnames_collapsed_to_ip"] == 1, summary  # demo-a is .17, which the network has
    scan = alice.finish(started["scan_id"])
    assert (scan["state"], scan["done"]) == ("completed", 7), scan
    assert scan["phases"]["open_ports"]["finished"] == 7, scan
    assert scan["phases"]["services"] == {"targets": 5, "finished": 5, "running": 0}, scan

    hosts = alice.ledger_hosts()
    assert hosts["127.0.0.17"]["hostnames"] == ["demo-a.tasker.test"]
    assert hosts["127.0.0.33"]["hostnames"] == ["demo-b.tasker.test"]
    demo_addresses = {f"127.0.0.{number}" for number in (*range(17, 23), 33)}
    found = {
        (ip, port["number"]): (port["service"], port["product"], port["version"])
        for ip, host in hosts.items()
        for port in host["ports"]
        if port["state"] == "open" and ip in demo_addresses
    }
    assert found[("127.0.0.18", 12222)] == ("ssh", "OpenSSH", "9.2p1 Debian 2+deb12u3")
    assert found[("127.0.0.19", 12525)][:2] == ("smtp", "Postfix smtpd")
    assert found[("127.0.0.20", 16379)][:2] == ("redis", "Redis key-value store")
    assert found[("127.0.0.17", 18080)][0] == "http"
    assert found[("127.0.0.33", 18080)][0] == "http"
    assert len(found) == 5
    assert "127.0.0.22" in hosts, "a host without open ports is there all the same"


def test_without_services_there_are_ports_alone(bob: Client) -> None:
    started = bob.start(request(["127.0.0.18", "127.0.0.19"], ["12222", "12525"]))
    scan = bob.finish(started["scan_id"])
    assert (scan["state"], scan["done"]) == ("completed", 2), scan
    assert "services" not in scan["phases"]
    hosts = bob.ledger_hosts()
    assert open_ports(hosts["127.0.0.18"]) == [(12222, "")]
    assert open_ports(hosts["127.0.0.19"]) == [(12525, "")]


def test_a_host_without_open_ports_is_there_with_its_names(bob: Client) -> None:
    started = bob.start(request(["demo-a.tasker.test"], ["1"]))
    assert bob.finish(started["scan_id"])["done"] == 1
    host = bob.ledger_hosts()["127.0.0.17"]
    assert host["hostnames"] == ["demo-a.tasker.test"]
    assert open_ports(host) == []


def test_refusals_have_their_reasons(alice: Client) -> None:
    answer = alice.start(request(["10.1.2.3", "nosuch.tasker.test", "224.0.0.1", "127.0.0.40"], ["1"]))
    refused = answer["summary"]["refused"]
    assert refused == {
        "already_in_scanledger": 0, "already_in_queue": 0, "forbidden": 0, "private_ip": 2, "unresolvable": 1, "other": 0,
    }
    assert answer["prepared_targets"]["nosuch.tasker.test"] == {
        "hostnames": ["nosuch.tasker.test"], "valid": False, "reason": "unresolvable",
    }
    assert answer["summary"]["sent_to_scan"] == 1
    scan = alice.finish(answer["scan_id"])
    assert scan["refused_total"] == 3


def test_workers_are_listed_with_their_addresses(alice: Client) -> None:
    workers = eventually(
        "both workers reported their address",
        lambda: (w := alice.http.get("/workers/ips").json()["workers"])
        and len(w) == 2
        and all(worker["ip"] == "127.0.0.1" for worker in w.values())
        and w,
    )
    for worker in workers.values():
        assert set(worker) == {"ip", "last_updated", "last_seen"}
        assert worker["last_seen"] >= worker["last_updated"] > 0


def test_the_answer_does_not_wait_when_it_is_not_to(alice: Client, installation: Installation) -> None:
    answer = alice.run(request(["127.0.0.80"], ["1"]), headers={"Prefer": "respond-async"})
    assert answer.status_code == 202
    body = answer.json()
    assert body["summary"]["sent_to_scan"] == 0 and body["prepared_targets"] == {}
    assert answer.headers["Location"] == f"/tasks/{alice.project}/scans/{body['scan_id']}"
    assert alice.finish(body["scan_id"])["done"] == 1
