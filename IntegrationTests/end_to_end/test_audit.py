"""Who did what in a project, from the first request to the page that shows it."""

from __future__ import annotations

import hashlib

from support import Client, eventually, request


def test_what_was_done_is_there_with_who_did_it(bob: Client) -> None:
    headers = {"X-Request-ID": "audit-1", "X-Forwarded-For": "203.0.113.7"}
    before = page(bob, limit=1)["entries"]
    body = request(["127.0.8.1-20"], ["1-100"], open_ports_opts={"max_rate": 10})
    scan = bob.run(body, headers).json()["scan_id"]
    for action in ("pause", "pause", "resume"):
        assert bob.http.post(f"/tasks/{bob.project}/scans/{scan}/{action}", headers=headers).status_code == 200
    assert bob.http.get(f"/tasks/{bob.project}/stop-nmap", headers=headers).json()["status"] == "stopped"
    assert bob.http.post(f"/tasks/{bob.project}/scans/{scan}/requeue-failed", headers=headers).status_code == 409

    entries = page(bob, limit=4)["entries"]
    assert [entry["action"] for entry in entries] == ["stop", "resume", "pause", "start"]
    assert {entry["address"] for entry in entries} == {"203.0.113.7"}
    assert {entry["request_id"] for entry in entries} == {"audit-1"}
    assert all(entry["scans"] == [scan] and entry["scans_total"] == 1 for entry in entries)
    assert entries[-1]["hosts"] == 1
    (caller,) = {entry["caller"] for entry in entries}
    token = bob.http.headers["Authorization"].removeprefix("Bearer ")
    assert len(caller) == 12 and not hashlib.sha256(token.encode()).hexdigest().startswith(caller)
    fifth = page(bob, limit=1, after=entries[-1]["id"])["entries"]
    assert fifth == before
    eventually("nothing is left to be confirmed", lambda: bob.stop()["status"] == "no_tasks")


def page(client: Client, **query: object) -> dict:
    answer = client.http.get(f"/tasks/{client.project}/audit", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()
