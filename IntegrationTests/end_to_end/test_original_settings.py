"""The environment of the original's compose file and its `.env` start both programs as they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from local_stack.ports import Ports
from local_stack.server import Server
from local_stack.stack import Stack
from local_stack.tasker_servers import APIServer, CoordinatorServer
from support import eventually

#: What the original has and Tasker has no use for.
USELESS = {
    "postgres_user": "postgres", "postgres_password": "canary-postgres", "postgres_db": "falcoria",
    "postgres_host": "postgres", "postgres_port": "5432", "max_file_upload_size": "1000000",
}
SPELLINGS: dict[str, Callable[[str], str]] = {"lower case": str.lower, "upper case": str.upper}
WARNED = {APIServer: {"API", "Redis", "ScanLedger"}, CoordinatorServer: {"Redis", "RabbitMQ", "ScanLedger"}}


def original_environment(stack: Stack) -> dict[str, str]:
    """The names and kinds of values of the original, pointing at the servers of these tests."""
    ours = {name.lower(): value for name, value in stack.settings.items()}
    taken_over = (
        "redis_host", "redis_port", "redis_password", "redis_db", "rabbitmq_host", "rabbitmq_port", "rabbitmq_user",
        "rabbitmq_password", "rabbitmq_vhost", "tasker_auth_token", "scanledger_base_url",
    )
    return {
        **{name: ours[name] for name in taken_over}, "environment": "production", "logger_level": "INFO",
        "allowed_hosts": '["*"]', "worker_ip_update_ttl": "3700", "dns_resolve_semaphore_limit": "100", **USELESS,
    }


@pytest.fixture(params=[APIServer, CoordinatorServer], ids=["TaskerAPI", "TaskerCoordinator"])
def program(request: pytest.FixtureRequest, stack: Stack) -> Iterator[Callable[[Mapping[str, str]], Server]]:
    """One more process of either program with settings of its own; it says that it is ready."""
    kind = request.param
    model = (stack.apis if kind is APIServer else stack.coordinators)[0]
    servers: list[Server] = []

    def start(settings: Mapping[str, str], file: str | None = None) -> Server:
        name = f"original-{kind.__name__.lower()}"
        server = kind(stack.workspace, name, Ports().take("original"), Path(model.command()[0]), settings)
        servers.append(server)
        log(server).unlink(missing_ok=True)
        if file is not None:
            (server.data / ".env").write_text(file)
        server.start()
        eventually("it is ready", lambda: server.is_ready() and httpx.get(f"{server.url}/readyz").status_code == 200)
        return server

    yield start
    for server in servers:
        server.stop()
        (server.data / ".env").unlink(missing_ok=True)


def log(server: Server) -> Path:
    return server.workspace.directory / "logs" / f"{server.name}.log"


def records(server: Server, key: str) -> list[dict]:
    """The lines of its log that have something to say under a key."""
    lines = map(json.loads, log(server).read_text().splitlines())
    return [record for record in lines if key in record.get("metadata", {})]


def listed(record: dict, key: str) -> set[str]:
    return set(record["metadata"][key].split(", "))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_as_environment(stack: Stack, program, spelling: str) -> None:
    server = program({SPELLINGS[spelling](name): value for name, value in original_environment(stack).items()})
    (ignored,) = records(server, "settings")
    assert listed(ignored, "settings") == USELESS.keys()
    assert "canary-postgres" not in log(server).read_text()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_as_a_file_with_names_that_nobody_knows(stack: Stack, program, spelling: str) -> None:
    variables = {**original_environment(stack), "celery_app_name": "tasker", "docs_url": "/docs"}
    text = "".join(f"{SPELLINGS[spelling](name)}={value}\n" for name, value in variables.items())
    server = program({}, f"# Falcoria\n\n{text}")
    (ignored,) = records(server, "settings")
    assert listed(ignored, "settings") == {*USELESS, "celery_app_name", "docs_url"}


def test_plain_connections_in_production_are_warned_of(stack: Stack, program) -> None:
    server = program(original_environment(stack))
    (warning,) = records(server, "connections")
    assert warning["level"] == "warning"
    assert listed(warning, "connections") == WARNED[type(server)]
