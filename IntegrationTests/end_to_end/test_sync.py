"""Results that cannot be imported: they wait, are kept, and somebody is told."""

from __future__ import annotations

from xml.etree import ElementTree

import httpx
from faults.network import UP, Network
from kombu import Connection

from support import Client, Installation, eventually, request

OLD_TOKEN = "a-token-from-before-its-rotation"


def all_results_wait(client: Client, installation: Installation, scan_id: str) -> bool:
    """Whether the broker has the results of all that was dispatched, and nobody holds one of them."""
    with Connection(installation.stack.rabbitmq.url) as connection:
        queue = connection.default_channel.queue_declare(f"tasker_results.{client.project}", passive=True)
    return queue.message_count == client.scan(scan_id)["in_flight"] > 0


def test_a_refused_token_stops_imports_and_loses_nothing(alice: Client, installation: Installation) -> None:
    """401 for Tasker's own token: results wait with the broker, and a coordinator with a good one imports them."""
    targets = [f"127.0.16.{number}" for number in range(1, 49)]
    with installation.reconfigured(TASKER_AUTH_TOKEN=OLD_TOKEN):
        started = alice.start(request(["127.0.16.1-48"], ["1"]))
        detail = eventually("the scan says so", lambda: alice.scan(started["scan_id"])["detail"])
        assert detail.endswith("ScanLedger refuses Tasker's token for this project (401)"), detail
        assert alice.status()["detail"] == detail
        eventually("all results are back", lambda: all_results_wait(alice, installation, started["scan_id"]))
        scan = alice.scan(started["scan_id"])
        assert scan["pending"] > 0 and scan["done"] == scan["failed"] == 0, f"dispatch waits too: {scan}"
        logs = [(installation.stack.workspace.directory / "logs" / f"{server.name}.log").read_text()
                for server in installation.stack.coordinators]
        lines = [line for log in logs for line in log.splitlines() if "imports wait for ScanLedger" in line]
        assert len([line for line in lines if alice.project in line and "401" in line]) == 1
        assert not any(OLD_TOKEN in log for log in logs)
    scan = alice.finish(started["scan_id"])
    assert (scan["state"], scan["done"], scan["detail"]) == ("completed", 48, None), scan
    assert {ip: alice.imports().get(ip, 0) for ip in targets} == dict.fromkeys(targets, 1)


def test_while_the_ledger_is_away_results_go_back_and_others_go_on(
    alice: Client, bob: Client, installation: Installation
) -> None:
    """The broker lets a consumer hold a message for 12 s, so results go back after 2 s of failing imports."""
    with installation.reconfigured(RABBITMQ_CONSUMER_TIMEOUT="12s"):
        installation.fault(match=f"/projects/{alice.project}/ips/import$", status=503)
        started = alice.run(request(["127.0.16.65-88"], ["1"]))
        assert started.status_code == 200, started.text
        scan_id = started.json()["scan_id"]
        eventually("all results are back", lambda: all_results_wait(alice, installation, scan_id))
        detail = alice.scan(scan_id)["detail"]
        assert "ScanLedger is not available (503)" in detail, detail
        assert "timeout (60 s) exceeds the broker's consumer_timeout as far as it is known (12 s)" in detail, detail
        other = bob.start(request(["127.0.16.96/28"], ["1"]))
        assert bob.finish(other["scan_id"], seconds=30)["done"] == 14
        assert "detail" not in bob.status()
        installation.clear_faults()
        scan = alice.finish(scan_id)
    assert (scan["done"], scan["failed"], scan["detail"]) == (24, 0, None), scan
    assert all(alice.imports()[f"127.0.16.{number}"] == 1 for number in range(65, 89))


def test_a_report_that_the_ledger_refuses_is_kept(alice: Client, bob: Client, installation: Installation) -> None:
    """One poison host: on its way to the ledger, its address becomes one that nobody can read."""
    victim = "127.0.16.133"
    good = f'addr="{victim}"'.encode()
    with Network() as network:
        link = network.link(installation.stack.ledger.port)
        link.rewrite(UP, lambda data: data.replace(good, good[:-2] + b'x"'))
        with installation.reconfigured(SCANLEDGER_BASE_URL=f"http://127.0.0.1:{link.port}"):
            started = alice.start(request(["127.0.16.129-144"], ["1"]))
            eventually("the others are imported", lambda: alice.scan(started["scan_id"])["done"] == 15)
            # Should the poison host have come last and alone: only another import tells it from an outage.
            alice.finish(alice.start(request(["127.0.16.145"], ["1"]))["scan_id"])
            scan = alice.finish(started["scan_id"])
    assert (scan["done"], scan["failed"]) == (15, 1), scan

    listing = f"/tasks/{alice.project}/quarantine"
    (report,) = alice.http.get(listing).json()["reports"]
    assert (report["scan_id"], report["ip"]) == (started["scan_id"], victim), report
    assert report["reason"] == "rejected_by_scanledger" and report["detail"].endswith("was answered with 500"), report
    file = alice.http.get(f"{listing}/{report['id']}")
    assert file.headers["Content-Type"] == "application/xml"
    assert file.headers["Content-Disposition"] == f'attachment; filename="report-{report["id"]}.xml"'
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert len(file.content) == report["size"]
    assert [address.get("addr") for address in ElementTree.fromstring(file.content).iter("address")] == [victim]

    assert bob.http.get(f"/tasks/{bob.project}/quarantine").json() == {"reports": []}
    assert bob.http.get(f"/tasks/{bob.project}/quarantine/{report['id']}").status_code == 404
    for path in (listing, f"{listing}/{report['id']}", f"/tasks/{alice.project}/set-aside"):
        assert bob.http.get(path).status_code == 401

    # A person mends what is wrong and imports it.
    upload = httpx.post(
        f"{alice.ledger.url}/projects/{alice.project}/ips/import?mode=append",
        files={"file": file.content},
        headers={"Authorization": f"Bearer {alice.ledger.alice.token}"},
    )
    assert upload.json() == [victim]
