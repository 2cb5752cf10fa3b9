"""Limits of a live replica, each crossed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local_stack.ports import Ports
from local_stack.stack import Stack
from local_stack.tasker_servers import APIServer
from support import Client

LIMITS = {
    "RATE_LIMIT_PER_TOKEN": "2", "RATE_LIMIT_PER_ADDRESS": "1", "RATE_LIMIT_BURST": "5", "REQUEST_BODY_TIMEOUT": "1s",
}


@pytest.fixture(scope="module")
def strict(stack: Stack) -> Iterator[APIServer]:
    """One more replica, which permits little."""
    programs = Path(stack.apis[0].command()[0])
    server = APIServer(stack.workspace, "strict-api", Ports().take("strict"), programs, {**stack.settings, **LIMITS})
    server.start()
    server.wait_until_ready()
    yield server
    server.stop()


def ask(server: APIServer, client: Client, token: str, address: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": address}
    return httpx.get(f"{server.url}/tasks/{client.project}/status", headers=headers)


def test_whoever_tries_tokens_out_is_refused_and_nobody_else(strict: APIServer, stack: Stack, alice: Client) -> None:
    good = stack.ledger.alice.token
    assert ask(strict, alice, good, "198.51.100.1").status_code == 200
    answers = [ask(strict, alice, f"guess-{number}", "198.51.100.7") for number in range(30)]
    assert {answer.status_code for answer in answers} == {401, 429}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused.headers["Retry-After"]) >= 1
    assert "from this address" in refused.json()["detail"]
    assert ask(strict, alice, "guess", "198.51.100.8").status_code == 401
    assert ask(strict, alice, good, "198.51.100.7").status_code == 200
    assert httpx.get(f"{strict.url}/readyz", headers={"X-Forwarded-For": "198.51.100.7"}).status_code == 200


def test_a_token_has_its_own_limit(strict: APIServer, stack: Stack, bob: Client) -> None:
    token = stack.ledger.bob.token
    answers = [ask(strict, bob, token, f"198.51.100.{number}") for number in range(60)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert "with this token" in refused[0].json()["detail"]


@pytest.mark.parametrize(
    "request_text, status",
    [
        (b"GET /health HTTP/1.1\r\nHost: t\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: t\r\n" + b"X: y\r\n" * 120 + b"\r\n", b"400"),
        (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: t\r\n\r\n", b"400"),
        (b"POST /tasks/%(project)s/run-nmap HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer %(token)s\r\n"
         b"Content-Length: 100\r\n\r\n{", b"408"),
        (b"POST /tasks/%(project)s/run-nmap HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer %(token)s\r\n"
         b"Content-Length: 20000000\r\nConnection: close\r\n\r\n", b"413"),
        (b"GET /health HTTP/1.1\r\nHost: t\r\n", b""),
    ],
    ids=["a long header", "many headers", "a long path", "half a body", "a long body", "half a head"],
)
def test_a_request_that_is_too_much_is_refused_and_closed(
    strict: APIServer, stack: Stack, alice: Client, request_text: bytes, status: bytes
) -> None:
    if b"%(" in request_text:
        request_text %= {b"project": alice.project.encode(), b"token": stack.ledger.alice.token.encode()}
    with socket.create_connection(("127.0.0.1", strict.port), timeout=30) as connection:
        connection.sendall(request_text)
        answer = b""
        while block := connection.recv(65536):
            answer += block
    assert answer[9:12] == status, answer[:200]
