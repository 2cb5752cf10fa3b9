"""Two tenants, on every route and verb of the document: another's project is as one that does not exist."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from support import Client, Installation, eventually, request

VERBS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
BODIES = {"run": request(["127.0.0.97"], ["1"]), "requeue": {"refused": True}}
#: What differs from one answer to the next by itself.
OWN_TO_AN_ANSWER = {"date", "x-request-id", "content-length"}


class Told:
    """What an answer tells, without the ids that the caller gave."""

    def __init__(self, answer: httpx.Response, *ids: str) -> None:
        self.status = answer.status_code
        self.text = answer.text
        self.headers = {name: value for name, value in answer.headers.items() if name not in OWN_TO_AN_ANSWER}
        for given in ids:
            self.text = self.text.replace(given, "ID")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Told) and vars(self) == vars(other)

    def __repr__(self) -> str:
        return str(vars(self))


def send(caller: Client, verb: str, path: str, body: Any, **ids: str) -> Told:
    answer = caller.http.request(verb, path.format(report_id="1-0", **ids), json=body)
    return Told(answer, *ids.values())


def routes(client: Client) -> list[tuple[str, str, dict[str, Any]]]:
    """Every path under a project with every verb, and its description where it has one."""
    document = client.http.get("/openapi.json").json()
    return [
        (path, verb, described.get(verb, {}))
        for path, described in document["paths"].items()
        if path.startswith("/tasks/{project_id}/")
        for verb in VERBS
    ]


@pytest.fixture(scope="module")
def victim(stack: Any) -> Any:
    """Alice, with a scan that has ended, and one that waits to be resumed."""
    with Client(stack.balancer.url, stack.ledger.alice.token, stack.ledger.alice.project, stack.ledger) as alice:
        ended = alice.start(request(["127.0.0.96"], ["1"]))["scan_id"]
        alice.finish(ended)
        active = alice.start(request(["127.0.5.1-20"], ["1-100"], open_ports_opts={"max_rate": 10}))["scan_id"]
        assert alice.post(f"scans/{active}/pause").status_code == 200
        yield alice, ended, active
        alice.stop()


def test_anothers_project_is_as_none(victim: Any, bob: Client) -> None:
    alice, _, active = victim
    checked = 0
    for path, verb, described in routes(bob):
        body = BODIES.get(described.get("operationId", ""))
        anothers = send(bob, verb, path, body, project_id=alice.project, scan_id=active)
        nobodys = send(bob, verb, path, body, project_id=str(uuid4()), scan_id=str(uuid4()))
        assert anothers == nobodys, (verb, path)
        assert anothers.status == (401 if described else 405), (verb, path, anothers)
        checked += bool(described)
    assert checked > 12


def test_anothers_scan_is_as_none(victim: Any, bob: Client) -> None:
    _, ended, active = victim
    checked = 0
    for path, verb, described in routes(bob):
        if "{scan_id}" not in path or not described:
            continue
        body = BODIES.get(described["operationId"])
        nobodys = send(bob, verb, path, body, project_id=bob.project, scan_id=str(uuid4()))
        assert nobodys.status == 404, (verb, path, nobodys)
        for scan in (ended, active):
            assert send(bob, verb, path, body, project_id=bob.project, scan_id=scan) == nobodys, (verb, path)
        checked += 1
    assert checked > 6


def test_an_idempotency_key_is_a_projects_own(victim: Any, bob: Client) -> None:
    alice, _, _ = victim
    body, key = request(["127.0.0.95"], ["1"], dry_run=True), {"Idempotency-Key": "the-same"}
    first, second = alice.run(body, key), bob.run(body, key)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["scan_id"] != second.json()["scan_id"]
    assert "Idempotency-Replayed" not in second.headers


def test_nothing_of_a_tenant_is_in_what_another_reads(victim: Any, bob: Client) -> None:
    """Run after the others: what they tried has changed nothing of the victim's."""
    alice, ended, active = victim
    for path in ("status", "scans", "stop-nmap"):
        answer = bob.http.get(f"/tasks/{bob.project}/{path}")
        assert answer.status_code == 200
        for secret in (alice.project, ended, active):
            assert secret not in answer.text, path
    assert alice.scan(active)["state"] == "paused"
    assert alice.scan(ended)["state"] == "completed"
    scans = json.loads(alice.http.get(f"/tasks/{alice.project}/scans").text)["scans"]
    assert {scan["project"] for scan in scans} == {alice.project}


def test_a_token_that_is_withdrawn_is_refused_within_30_s(alice: Client, installation: Installation) -> None:
    """By every replica, however lately it has seen the token."""
    def answers() -> set[int]:
        return {alice.http.get(f"{api.url}/tasks/{alice.project}/status").status_code for api in installation.stack.apis}

    assert answers() == {200}
    installation.fault(match=f"^/projects/{alice.project}$", method="GET", status=401)
    try:
        eventually("every replica refuses it", lambda: answers() == {401}, seconds=31)
    finally:
        installation.clear_faults()
        eventually("it is good again", lambda: answers() == {200})
