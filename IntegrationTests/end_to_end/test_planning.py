"""What a request covers, what it leaves out, and how it is steered."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import Client, Installation, eventually, request, running_nmaps

SLOW = {"max_rate": 10}


def test_what_is_excluded_is_not_scanned(alice: Client) -> None:
    hosts = ["127.0.15.0/28", "demo-a.tasker.test", "127.0.0.17"]
    exclude = ["127.0.15.4/30", "127.0.15.1", "DEMO-A.tasker.test."]
    answer = alice.start(request(hosts, ["1"], exclude=exclude))
    assert answer["summary"]["refused"]["forbidden"] == 4 + 1 + 1, answer
    assert answer["prepared_targets"]["127.0.0.17"]["reason"] == "forbidden"
    alice.finish(answer["scan_id"])
    scanned = {ip for ip in alice.ledger_hosts() if ip.startswith("127.0.15.")}
    assert scanned == {f"127.0.15.{n}" for n in (2, 3, *range(8, 15))}


def test_an_excluded_name_without_an_address_is_an_error(alice: Client) -> None:
    answer = alice.run(request(["127.0.15.20"], ["1"], exclude=["nosuch.tasker.test"]))
    assert answer.status_code == 422, answer.text
    assert "nosuch.tasker.test" in answer.json()["detail"][0]["msg"]


def test_a_dry_run_scans_nothing(alice: Client) -> None:
    answer = alice.start(request(["127.0.15.32/29", "10.0.0.1"], ["1"], dry_run=True))
    assert (answer["state"], answer["summary"]["sent_to_scan"]) == ("dry_run", 6)
    scan = alice.scan(answer["scan_id"])
    assert (scan["state"], scan["planned"], scan["pending"]) == ("dry_run", 6, 6)
    assert alice.status()["active_or_queued"] == 0
    assert Counter(line["outcome"] for line in alice.report(answer["scan_id"])) == {"pending": 6, "refused": 1}
    time.sleep(1)
    assert not running_nmaps("127.0.15.3")


def test_the_same_key_and_body_are_one_scan(alice: Client) -> None:
    key = {"Idempotency-Key": f"key-{time.time_ns()}"}
    body = request(["127.0.15.48/30"], ["1"])
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: alice.run(body, headers=key), range(8)))
    assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
    assert len({answer.json()["scan_id"] for answer in answers}) == 1
    assert sum(answer.headers.get("Idempotency-Replayed") != "true" for answer in answers) == 1
    other = alice.run({**body, "timeout": 61}, headers=key)
    assert other.status_code == 409, other.text
    alice.finish(answers[0].json()["scan_id"])
    assert alice.run(body, headers=key).json()["scan_id"] == answers[0].json()["scan_id"]


def test_a_paused_scan_starts_nothing_and_is_finished_after_it_is_resumed(
    alice: Client, installation: Installation
) -> None:
    scan = alice.start(request(["127.0.6.0/26"], ["1-8"], open_ports_opts=SLOW))["scan_id"]
    eventually("a target runs", lambda: alice.status()["running"])
    answer = alice.post("pause")
    assert answer.json() == {"status": "paused", "scans": [scan]}, answer.text
    assert alice.scan(scan)["state"] == "paused"
    eventually("no target is in flight", lambda: alice.scan(scan)["in_flight"] == 0)
    paused = alice.scan(scan)
    assert paused["parked"] > 0 and paused["done"] < 62, paused
    installation.kill(installation.leader())
    time.sleep(5)
    assert {**alice.scan(scan), "detail": None} == {**paused, "detail": None}, "a pause outlives the leader"
    assert not running_nmaps("127.0.6.")
    assert alice.post("resume").json() == {"status": "resumed", "scans": [scan]}
    assert alice.finish(scan)["done"] == 62
    assert all(alice.imports()[f"127.0.6.{number}"] == 1 for number in range(1, 63))


def test_a_pause_of_one_scan_leaves_the_others_alone(bob: Client) -> None:
    first = bob.start(request(["127.0.6.64/28"], ["1-10"], open_ports_opts=SLOW))["scan_id"]
    assert bob.post(f"scans/{first}/pause").json() == {"status": "paused", "scans": [first]}
    second = bob.start(request(["127.0.6.128/29"], ["1"]))["scan_id"]
    assert bob.finish(second)["done"] == 6
    assert bob.scan(first)["state"] == "paused"
    assert bob.post(f"scans/{first}/resume").json() == {"status": "resumed", "scans": [first]}
    assert bob.finish(first)["done"] == 14
    assert all(count == 1 for ip, count in bob.imports().items() if ip.startswith("127.0.6."))
    assert bob.post(f"scans/{first}/pause").json() == {"status": "no_tasks", "scans": []}


def test_what_was_refused_as_queued_is_submitted_once_the_other_scan_has_ended(alice: Client) -> None:
    first = alice.start(request(["127.0.7.1-4"], ["1-25"], open_ports_opts=SLOW))["scan_id"]
    second = alice.start(request(["127.0.7.3-8"], ["1-25"]))
    assert second["summary"]["refused"]["already_in_queue"] == 2, second
    assert second["prepared_targets"]["127.0.7.3"]["covered_by"] == first
    refused = [line for line in alice.report(second["scan_id"]) if line["outcome"] == "refused"]
    assert {(line["ip"], line["covered_by"]) for line in refused} == {("127.0.7.3", first), ("127.0.7.4", first)}
    alice.finish(first)
    third = alice.post(f"scans/{second['scan_id']}/requeue", {"refused": True})
    assert third.status_code == 200, third.text
    assert set(third.json()["prepared_targets"]) == {"127.0.7.3", "127.0.7.4"}
    assert alice.finish(third.json()["scan_id"])["done"] == 2
    assert alice.post(f"scans/{first}/requeue", {"refused": True}).status_code == 409


def test_the_report_has_every_target_and_refusal(bob: Client) -> None:
    answer = bob.start(request(["127.0.7.64/28", "10.0.0.0/29", "nosuch.tasker.test", "demo-a.tasker.test"], ["1"]))
    scan = bob.finish(answer["scan_id"])
    path = f"/tasks/{bob.project}/scans/{answer['scan_id']}"
    assert answer["report"] == f"{path}/report"
    lines = bob.report(answer["scan_id"])
    assert Counter(line["outcome"] for line in lines) == {"done": 15, "refused": 7}
    assert len(lines) == scan["considered"]
    assert {"ip": None, "hostnames": ["nosuch.tasker.test"], "outcome": "refused", "reason": "unresolvable"} in lines
    assert {"ip": "127.0.0.17", "hostnames": ["demo-a.tasker.test"], "outcome": "done"} in lines
    download = bob.http.get(f"{path}/report", headers={"Accept-Encoding": "gzip"})
    assert download.headers["Content-Encoding"] == "gzip"
    assert answer["scan_id"] in download.headers["Content-Disposition"]
    assert len(download.text.splitlines()) == len(lines)


def test_targets_are_listed_page_by_page(bob: Client) -> None:
    answer = bob.start(request(["127.0.7.128/27", "10.0.0.0/29"], ["1"]))
    bob.finish(answer["scan_id"])
    path = f"/tasks/{bob.project}/scans/{answer['scan_id']}/targets"
    found, after = [], None
    for _ in range(20):
        parameters = {"outcome": "done", "limit": 7, **({"after": after} if after else {})}
        page = bob.http.get(path, params=parameters).json()
        found += [target["ip"] for target in page["targets"]]
        if (after := page["next"]) is None:
            break
    assert sorted(found) == sorted(f"127.0.7.{n}" for n in range(129, 159))
    refused = bob.http.get(path, params={"outcome": "refused"}).json()["targets"]
    assert len(refused) == 6 and {target["reason"] for target in refused} == {"private_ip"}
    assert bob.http.get(path, params={"outcome": "lost"}).status_code == 422
    assert bob.http.get(path, params={"limit": 0}).status_code == 422


@pytest.mark.parametrize("hosts", [["0.0.0.0/0"], ["::/0"], ["11.0.0.0/7"], ["::/0", "0.0.0.0/0", "1.0.0.0/8"]])
def test_too_many_targets_are_refused_at_once(alice: Client, hosts: list[str]) -> None:
    begin = time.monotonic()
    answer = alice.run(request(hosts, ["1"]))
    assert time.monotonic() - begin < 1
    assert answer.status_code == 422, answer.text
    issue = answer.json()["detail"][0]
    assert issue["loc"] == ["body", "hosts"] and "16777216" in issue["msg"] and "more than" in issue["msg"], issue


def test_what_is_forbidden_since_the_plan_is_not_scanned(alice: Client, installation: Installation) -> None:
    """The rules change while a scan is paused: an address, and a name that leads to another one."""
    scan = alice.start(request(["127.0.9.0/28", "127.0.0.17"], ["1-8"], open_ports_opts=SLOW))["scan_id"]
    alice.post(f"scans/{scan}/pause")
    eventually("no target is in flight", lambda: alice.scan(scan)["in_flight"] == 0)
    started = {line["ip"] for line in alice.report(scan) if line["outcome"] == "done"}
    forbidden = {f"127.0.9.{number}" for number in range(4, 8)} | {"127.0.0.17"}
    imports = alice.imports()
    with installation.reconfigured(DENIED_HOSTS="127.0.9.4/30,demo-a.tasker.test"):
        alice.post(f"scans/{scan}/resume")
        alice.finish(scan)
        lines = {line["ip"]: line for line in alice.report(scan)}
        for ip in forbidden - started:
            assert (lines[ip]["outcome"], lines[ip]["reason"]) == ("failed", "forbidden"), lines[ip]
            assert alice.imports().get(ip) == imports.get(ip)
        assert forbidden - started, "some were left to be forbidden"
        assert sum(line["outcome"] == "done" for line in lines.values()) == 15 - len(forbidden - started)


def test_the_leader_is_killed_while_it_plans(alice: Client, installation: Installation) -> None:
    installation.fault(match="/ips", method="GET", delay=3, times=1)
    body = request(["127.0.8.0/28", "demo-a.tasker.test", "10.0.0.1"], ["1"], mode="insert", exclude=["127.0.8.1"])
    undisturbed = alice.start({**body, "dry_run": True})["summary"]
    installation.fault(match="/ips", method="GET", delay=3, times=1)
    answer = alice.run(body, headers={"Prefer": "respond-async"}).json()
    time.sleep(1)
    installation.kill(installation.leader())
    installation.clear_faults()
    scan = alice.finish(answer["scan_id"])
    assert scan["planned"] == undisturbed["sent_to_scan"] and scan["refused"] == undisturbed["refused"], scan
    assert scan["done"] == scan["planned"]


def test_nothing_of_another_project_can_be_steered(alice: Client, bob: Client) -> None:
    scan = bob.start(request(["127.0.8.32/28"], ["1-10"], open_ports_opts=SLOW))["scan_id"]
    for path in ("pause", "resume", f"scans/{scan}/pause", f"scans/{scan}/resume", f"scans/{scan}/requeue"):
        answer = alice.http.post(f"/tasks/{bob.project}/{path}", json={"refused": True})
        assert answer.status_code in (401, 404), (path, answer.text)
        if path.startswith("scans"):
            answer = alice.http.post(f"/tasks/{alice.project}/{path}", json={"refused": True})
            assert answer.status_code == 404, (path, answer.text)
    for path in ("report", "targets"):
        assert alice.http.get(f"/tasks/{alice.project}/scans/{scan}/{path}").status_code == 404
    assert bob.scan(scan)["state"] == "running"
    bob.stop()
