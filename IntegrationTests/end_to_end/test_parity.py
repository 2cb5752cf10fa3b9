"""The original's exchanges, replayed: every field that it answers is there, of the same type. Tasker may say more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from local_stack.stack import Stack
from support import Client, eventually, request

CAPTURES = Path(__file__).resolve().parents[2] / "Tests" / "TaskerAPITests" / "Fixtures"
#: The routes of a project, as the original has them.
PROJECT_ROUTES = (("POST", "run-nmap"), ("GET", "status"), ("GET", "stop-nmap"))


def captured(name: str) -> Any:
    """What the original sent or answered; its public address is one of ours here, since live workers scan it."""
    return json.loads((CAPTURES / f"{name}.json").read_text().replace("20.9.9.9", "127.0.7.9"))


def differences(original: Any, ours: Any, place: str = "$", *, exactly: bool = False) -> Iterator[str]:
    """What of the original's value is missing in ours or of another type or, to be exact, has another value."""
    if type(original) is not type(ours) or exactly and not isinstance(original, dict | list) and original != ours:
        yield f"{place}: {original!r} became {ours!r}"
    elif isinstance(original, dict):
        for name, value in original.items():
            if name in ours:
                yield from differences(value, ours[name], f"{place}.{name}", exactly=exactly)
            else:
                yield f"{place}.{name} is missing"
    elif isinstance(original, list):
        if len(ours) < len(original):
            yield f"{place}: {len(original)} elements became {len(ours)}"
        for index, (value, own) in enumerate(zip(original, ours)):
            yield from differences(value, own, f"{place}[{index}]", exactly=exactly)


@pytest.mark.parametrize("ours", [{}, {"a": "1"}, {"a": None}, {"a": 1.0}, {"a": True}, {"a": [1]}, []], ids=str)
def test_a_field_that_is_missing_or_retyped_is_found(ours: Any) -> None:
    assert list(differences({"a": 1}, ours))
    assert list(differences([{"a": 1}], [ours]))
    assert not list(differences({"a": 1}, {"a": 2, "b": 3}))
    assert list(differences({"a": 1}, {"a": 2, "b": 3}, exactly=True))


def test_run_nmap(alice: Client) -> None:
    """All of it is as the original answered, except for a private address, which is no name that cannot be resolved."""
    answer = alice.start(captured("run-nmap.request"))
    alice.stop()
    expected = captured("run-nmap.response")
    expected["summary"].update(resolved_ips=2, hostnames_collapsed_to_ip=0)
    expected["summary"]["refused"].update(private_ip=1, unresolvable=1)
    expected["prepared_targets"]["10.0.0.1"].update(hostnames=[], reason="private_ip")
    expected["input_to_scan"][2].update(all_hostnames_for_ip=[])
    assert list(differences(expected, answer, exactly=True)) == []
    assert answer["prepared_targets"].keys() == expected["prepared_targets"].keys()
    assert len(answer["input_to_scan"]) == len(expected["input_to_scan"])


def test_a_plan_that_takes_long_is_answered_in_the_same_shape(alice: Client) -> None:
    body = {**captured("run-nmap.request"), "dry_run": True}
    answer = alice.run(body, headers={"Prefer": "respond-async"})
    assert answer.status_code == 202, answer.text
    summary = captured("run-nmap.response")["summary"]
    assert list(differences({"summary": summary, "prepared_targets": {}, "input_to_scan": []}, answer.json())) == []


def test_status_and_stop_nmap(alice: Client) -> None:
    alice.start(request(["demo-a.tasker.test"], ["1-40"], open_ports_opts={"max_rate": 10}))
    status = eventually("a target runs", lambda: (answer := alice.status())["running"] and answer)
    assert list(differences(captured("status.response"), status)) == []
    target = status["running_targets"][0]
    assert (target["ip"], target["hostnames"]) == ("127.0.0.17", ["demo-a.tasker.test"])
    assert list(differences(captured("stop-nmap.response"), alice.stop(), exactly=True)) == []
    assert list(differences(captured("stop-nmap.no-tasks.response"), alice.stop(), exactly=True)) == []


def test_workers_ips(alice: Client) -> None:
    answer = eventually("workers are listed", lambda: (a := alice.http.get("/workers/ips").json())["workers"] and a)
    (example,) = captured("workers-ips.response")["workers"].values()
    for host in answer["workers"]:
        assert list(differences({"workers": {host: example}}, answer)) == []


def test_health(alice: Client) -> None:
    answer = httpx.get(f"{alice.url}/health")
    assert (answer.status_code, type(answer.json()["status"])) == (200, str)


@pytest.mark.parametrize("method, path", [*PROJECT_ROUTES, ("GET", "/workers/ips")])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}], ids=["no token", "a wrong token"])
def test_without_a_good_token(alice: Client, method: str, path: str, headers: dict[str, str]) -> None:
    url = alice.url + (path if path.startswith("/") else f"/tasks/{alice.project}/{path}")
    answer = httpx.request(method, url, headers=headers, json=captured("run-nmap.request"))
    assert answer.status_code == 401, answer.text
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert list(differences({"detail": "text"}, answer.json())) == []


@pytest.mark.parametrize("method, path", PROJECT_ROUTES)
def test_an_unknown_project(stack: Stack, alice: Client, method: str, path: str) -> None:
    """ScanLedger tells administrators alone that there is none; Tasker's own token is one's."""
    answer = httpx.request(
        method, f"{alice.url}/tasks/{uuid4()}/{path}",
        headers={"Authorization": f"Bearer {stack.ledger.tasker_token}"}, json=captured("run-nmap.request"),
    )
    assert answer.status_code == 404, answer.text
    assert list(differences({"detail": "text"}, answer.json())) == []


@pytest.mark.parametrize("method, path", PROJECT_ROUTES)
def test_a_project_that_is_no_uuid(alice: Client, method: str, path: str) -> None:
    answer = alice.http.request(method, f"/tasks/not-a-uuid/{path}", json=captured("run-nmap.request"))
    assert answer.status_code == 422, answer.text
    expected = {"type": "uuid_parsing", "loc": ["path", "project_id"], "msg": "text", "input": "not-a-uuid"}
    assert list(differences({"detail": [expected]}, answer.json())) == []
    assert answer.json()["detail"][0]["loc"] == expected["loc"]


@pytest.mark.parametrize("field, value", [("hosts", 1), ("timeout", "soon"), ("mode", "overwrite")])
def test_a_body_with_a_wrong_field(alice: Client, field: str, value: Any) -> None:
    answer = alice.run({**captured("run-nmap.request"), field: value})
    assert answer.status_code == 422, answer.text
    expected = {"type": "text", "loc": ["body", field], "msg": "text", "input": value}
    assert list(differences({"detail": [expected]}, answer.json())) == []
    issue = answer.json()["detail"][0]
    assert (issue["loc"], issue["input"]) == (expected["loc"], value)
