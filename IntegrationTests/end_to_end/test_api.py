"""Bad input, and who may: what a client sees of it on a live replica."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from support import Client, request

GOOD = request(["127.0.0.99"], ["80"])


def changed(**changes: Any) -> dict[str, Any]:
    return {**GOOD, **changes}


def ports(*entries: Any) -> dict[str, Any]:
    return changed(open_ports_opts={**GOOD["open_ports_opts"], "ports": list(entries)})


def option(name: str, value: Any) -> dict[str, Any]:
    return changed(open_ports_opts={**GOOD["open_ports_opts"], name: value})


BAD = {
    "no hosts": (changed(hosts=[]), ["body", "hosts"]),
    "a bad host": (changed(hosts=["127.0.0.1", "not a host"]), ["body", "hosts", 1]),
    "a line break in a host": (changed(hosts=["127.0.0.1\r\nX: y"]), ["body", "hosts", 0]),
    "digits of another script": (changed(hosts=["١٢٧.0.0.1"]), ["body", "hosts", 0]),
    "a number for a host": (changed(hosts=[1]), ["body", "hosts", 0]),
    "hosts of the wrong type": (changed(hosts="127.0.0.1"), ["body", "hosts"]),
    "a misspelt field": ({**GOOD, "exlude": []}, ["body", "exlude"]),
    "a port beyond the last": (ports("1-70000"), ["body", "open_ports_opts", "ports", 0]),
    "port 0": (ports("80", "0"), ["body", "open_ports_opts", "ports", 1]),
    "a line break in a port": (ports("80\n"), ["body", "open_ports_opts", "ports", 0]),
    "no time": (changed(timeout=0), ["body", "timeout"]),
    "too much time": (changed(timeout=86_401), ["body", "timeout"]),
    "no rate": (option("max_rate", 0), ["body", "open_ports_opts", "max_rate"]),
    "too high a rate": (option("min_rate", 30_001), ["body", "open_ports_opts", "min_rate"]),
    "too many retries": (option("max_retries", 21), ["body", "open_ports_opts", "max_retries"]),
    "an unknown mode": (changed(mode="overwrite"), ["body", "mode"]),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named(alice: Client, name: str) -> None:
    body, place = BAD[name]
    answer = alice.run(body)
    assert answer.status_code == 422, answer.text
    issues = answer.json()["detail"]
    assert place in [issue["loc"] for issue in issues], issues
    assert all(set(issue) >= {"type", "loc", "msg", "input"} for issue in issues), issues


@pytest.mark.parametrize("body", [b"null", b"{", b"", b"[]", b"\xff\xfe"])
def test_a_body_that_is_no_object_is_refused(alice: Client, body: bytes) -> None:
    answer = alice.http.post(f"/tasks/{alice.project}/run-nmap", content=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"][0]["loc"][0] == "body"


def test_a_misspelt_field_is_answered_with_the_right_one(alice: Client) -> None:
    answer = alice.run({**GOOD, "timeuot": 5})
    assert "timeout" in str(answer.json()["detail"])


def test_a_project_that_is_no_uuid(alice: Client) -> None:
    answer = alice.http.post("/tasks/not-a-uuid/run-nmap", json=GOOD)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["path", "project_id"]


@pytest.mark.parametrize("token", [None, "Bearer wrong", "Basic abc", "Bearer"])
def test_without_a_good_token(alice: Client, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": token}
    for method, path in (("POST", "run-nmap"), ("GET", "status"), ("GET", "stop-nmap"), ("GET", "scans")):
        answer = httpx.request(method, f"{alice.url}/tasks/{alice.project}/{path}", headers=headers, json=GOOD)
        assert answer.status_code == 401, (path, answer.text)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_another_users_project_is_closed(alice: Client, bob: Client) -> None:
    for method, path in (("POST", "run-nmap"), ("GET", "status"), ("POST", "stop-nmap"), ("GET", "scans")):
        answer = alice.http.request(method, f"/tasks/{bob.project}/{path}", json=GOOD)
        assert answer.status_code in (401, 404), (path, answer.text)


def test_a_scan_is_not_found_through_another_project(alice: Client, bob: Client) -> None:
    started = alice.start(request(["127.0.0.98"], ["1"]))
    assert bob.http.get(f"/tasks/{bob.project}/scans/{started['scan_id']}").status_code == 404
    alice.finish(started["scan_id"])


def test_a_body_beyond_the_limit(alice: Client) -> None:
    answer = alice.http.post(f"/tasks/{alice.project}/run-nmap", content=b" " * (17 * 1024 * 1024))
    assert answer.status_code == 413, answer.text


def test_health_routes(alice: Client) -> None:
    for path in ("/health", "/livez", "/readyz"):
        assert httpx.get(f"{alice.url}{path}").status_code == 200
