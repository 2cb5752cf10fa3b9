"""Scans of which most tasks fail."""

from __future__ import annotations

from support import Client, eventually, request


def test_a_scan_that_mostly_fails_is_paused_and_says_why(bob: Client) -> None:
    """nmap gives up on every host: after 50 attempts nothing more is dispatched until somebody resumes the scan."""
    slow = request(["127.0.17.1-120"], ["1-200"], open_ports_opts={"max_rate": 2}, timeout=1)
    scan_id = bob.start(slow)["scan_id"]
    scan = eventually("it is paused", lambda: (s := bob.scan(scan_id))["state"] == "paused" and s, seconds=120)
    assert scan["detail"] == "paused: half of the last 50 tasks failed with timed_out; resume the scan to go on"
    assert scan["pending"] > 0 and scan["done"] == 0, scan
    eventually("workers are idle", lambda: bob.status()["running"] == 0)
    before = bob.scan(scan_id)
    assert bob.post(f"scans/{scan_id}/resume").json() == {"status": "resumed", "scans": [scan_id]}
    resumed = eventually("it goes on", lambda: (s := bob.scan(scan_id))["pending"] < before["pending"] and s)
    assert (resumed["state"], resumed["detail"]) == ("running", None)
    assert bob.stop()["status"] == "stopped"
