"""Canaries: no token and no password of an installation is in what it writes or answers, also when it says all it can."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local_stack import python_environment, swift_build
from local_stack.stack import Size, Stack
from local_stack.workspace import Workspace
from support import Client, Installation, eventually, request

#: Programs of Tasker; the servers beside them have logs of their own making.
OURS = ("api-", "coordinator-", "worker-")
GUESS = "guessed-" + secrets.token_hex(16)


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation of its own at the most verbose level."""
    python = python_environment.ensure(print)
    programs = swift_build.programs_directory(debug=True)
    with Workspace(tmp_path_factory.mktemp("talkative")) as workspace:
        with Stack(workspace, python, programs, Size(1, 1, 1), settings={"LOGGER_LEVEL": "debug"}) as running:
            yield running


def canaries(stack: Stack) -> dict[str, str]:
    return {
        "alice's token": stack.ledger.alice.token,
        "bob's token": stack.ledger.bob.token,
        "Tasker's token": stack.ledger.tasker_token,
        "Redis' password": stack.redis.password,
        "the coordinator's password": stack.rabbitmq.coordinator.password,
        "the workers' password": stack.rabbitmq.worker.password,
        "a token that is none": GUESS,
    }


def forms(secret: str) -> dict[str, bytes]:
    """A secret as it might be found: plain, hashed as ScanLedger stores it, and in base64 at every offset."""
    digest = hashlib.sha256(secret.encode())
    found = {
        "plain": secret.encode(),
        "SHA-256": digest.hexdigest().encode(),
        "SHA-256, base64": base64.b64encode(digest.digest()).rstrip(b"="),
    }
    for offset in range(3):
        encoded = base64.b64encode(b"." * offset + secret.encode())
        found[f"base64 at {offset}"] = encoded[4 if offset else 0:-4]
    return found


class Witness(Client):
    """A client that keeps every answer, with its headers."""

    def __init__(self, stack: Stack, tenant: object) -> None:
        super().__init__(stack.balancer.url, tenant.token, tenant.project, stack.ledger)
        self.answers: list[bytes] = []
        self.http.event_hooks["response"] = [self._keep]

    def _keep(self, answer: httpx.Response) -> None:
        answer.read()
        head = "".join(f"{name}: {value}\n" for name, value in answer.headers.items())
        self.answers.append(head.encode() + answer.content)


def use(stack: Stack, installation: Installation) -> list[bytes]:
    """What users do, what they do wrong, and what goes wrong under them; the answers."""
    with Witness(stack, stack.ledger.alice) as alice, Witness(stack, stack.ledger.bob) as bob:
        alice.finish(alice.start(request(["127.0.0.1"], ["1-20"], include_services=True))["scan_id"])
        slow = alice.start(request(["127.0.7.1-20"], ["1-100"], open_ports_opts={"max_rate": 10}))["scan_id"]
        alice.post("pause"), alice.post("resume")
        alice.report(slow)
        alice.stop()
        for path in ("status", "scans", "audit", "quarantine", "set-aside", f"scans/{slow}", f"scans/{slow}/targets"):
            alice.http.get(f"/tasks/{alice.project}/{path}")
            alice.http.get(f"/tasks/{bob.project}/{path}")
        for path in ("/workers", "/workers/ips", "/readyz", "/openapi.json", "/nowhere"):
            alice.http.get(path)
        alice.http.post(f"/tasks/{alice.project}/run-nmap", content=b"{")
        for value in (f"Bearer {GUESS}", f"Basic {GUESS}", GUESS, f"Bearer {GUESS} x"):
            bob.http.get(f"/tasks/{bob.project}/status", headers={"Authorization": value})
        installation.fault(match="/projects/", method="GET", status=500)
        alice.http.get(f"/tasks/{bob.project}/status", headers={"Authorization": "Bearer " + GUESS[::-1]})
        alice.run(request(["127.0.0.94"], ["1"], mode="insert"), {"Prefer": "wait=2"})
        installation.clear_faults()
        alice.stop()
        for server in (stack.redis, stack.rabbitmq):
            server.stop()
            alice.http.get(f"/tasks/{alice.project}/status")
            server.start()
            server.wait_until_ready()
        eventually("it is ready again", lambda: alice.http.get("/readyz").status_code == 200)
        bob.finish(bob.start(request(["127.0.0.1"], ["1"]))["scan_id"])
        metrics = [httpx.get(f"{server.url}/metrics").raise_for_status() for server in (*stack.apis, *stack.coordinators)]
        return alice.answers + bob.answers + [answer.content for answer in metrics] + [snapshot(alice)]


def snapshot(client: Client) -> bytes:
    """The beginning of a stream of events."""
    with httpx.stream("GET", f"{client.url}/tasks/{client.project}/events", headers=client.http.headers) as answer:
        text = b""
        for piece in answer.iter_raw():
            text += piece
            if b"event: snapshot" in text and text.endswith(b"\n\n"):
                return text
    raise AssertionError("the stream ended")


def test_no_secret_is_written_or_answered(talkative: Stack) -> None:
    answers = use(talkative, Installation(talkative))
    logs = talkative.workspace.directory / "logs"
    written = {log.name: log.read_bytes() for log in logs.iterdir() if log.name.startswith(OURS)}
    assert {name.split("-")[0] for name in written} == {"api", "coordinator", "worker"}
    assert all(b'"debug"' in text or b"debug" in text for name, text in written.items() if "worker" not in name)
    kept = {path.name: path.read_bytes() for path in (talkative.redis.data / "appendonlydir").iterdir()}
    assert any(b"tasker:" in content for content in kept.values())
    for what, secret in canaries(talkative).items():
        for form, text in forms(secret).items():
            for place, content in [*written.items(), *kept.items(), ("an answer", b"\n".join(answers))]:
                assert text not in content, f"{what} ({form}) is in {place}"


def test_canaries_would_be_found() -> None:
    for form, text in forms("canary-0123456789").items():
        assert len(text) > 10, form
    line = b"amqp://" + base64.b64encode(b"user:canary-0123456789")
    assert any(text in line for text in forms("canary-0123456789").values())
