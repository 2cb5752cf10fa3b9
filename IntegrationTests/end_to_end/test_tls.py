"""TLS by real handshakes: one self-signed bundle for Tasker and ScanLedger, as in Falcoria's compose file."""

from __future__ import annotations

import itertools
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from local_stack import python_environment
from local_stack.ledger_server import LedgerServer
from local_stack.ports import Ports
from local_stack.process import StackError
from local_stack.rabbitmq_server import RabbitMQServer
from local_stack.redis_server import RedisServer
from local_stack.server import Server, accepts_connections
from local_stack.stack import Stack
from local_stack.tasker_servers import APIServer, CoordinatorServer
from support import eventually

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = [pytest.param(kind, id=kind.__name__) for kind in (APIServer, CoordinatorServer)]
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two bundles: `falcoria` as its own script makes one, without any name, and `other` for this host, by ours."""
    folder = tmp_path_factory.mktemp("bundles")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=falcoria", "-days", "365"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, timeout=30, capture_output=True)
    (folder / "falcoria.pem").write_text(certificate.read_text() + key.read_text())
    script = ROOT / "deploy" / "generate-tls-bundle.sh"
    subprocess.run([script, folder / "other.pem", "127.0.0.1", "localhost"], check=True, timeout=30)
    return {bundle: folder / f"{bundle}.pem" for bundle in ("falcoria", "other")}


@pytest.fixture(scope="module")
def ledger(stack: Stack, bundles: dict[str, Path]) -> Iterator[LedgerServer]:
    python = python_environment.ensure(print)
    server = LedgerServer(stack.workspace, Ports().take("tls"), python, "tls-ledger", bundles["falcoria"])
    server.start()
    server.wait_until_ready()
    yield server
    server.stop()


@contextmanager
def replica(stack: Stack, ledger: LedgerServer, **settings: str) -> Iterator[APIServer]:
    """One more replica, which asks the ledger that speaks TLS; it may never get ready."""
    own = {
        **stack.settings, "SCANLEDGER_BASE_URL": ledger.url, "TASKER_AUTH_TOKEN": ledger.tasker_token, **settings,
    }
    with running(stack, APIServer, own) as server:
        yield server


def status(server: APIServer, ledger: LedgerServer, bundle: Path) -> httpx.Response:
    """Asks for a status, trusting the bundle's certificate by file; it is for no name that could be verified."""
    trusted = ssl.create_default_context(cafile=str(bundle))
    trusted.check_hostname = False
    with httpx.Client(verify=trusted, timeout=30) as client:
        return client.get(
            f"{server.url}/tasks/{ledger.alice.project}/status",
            headers={"Authorization": f"Bearer {ledger.alice.token}"},
        )


def test_one_bundle_for_all(stack: Stack, ledger: LedgerServer, bundles: dict[str, Path]) -> None:
    """The ledger's certificate has no authority and no name; it is our own bundle's, and so it is trusted."""
    with replica(stack, ledger, TLS_BUNDLE=str(bundles["falcoria"])) as server:
        answer = status(server, ledger, bundles["falcoria"])
        assert answer.status_code == 200, answer.text


def test_a_ledger_with_another_certificate(stack: Stack, ledger: LedgerServer, bundles: dict[str, Path]) -> None:
    with replica(stack, ledger, TLS_BUNDLE=str(bundles["other"])) as server:
        with httpx.Client(verify=ssl.create_default_context(cafile=str(bundles["other"])), timeout=30) as client:
            answer = client.get(
                f"{server.url}/tasks/{ledger.alice.project}/status",
                headers={"Authorization": f"Bearer {ledger.alice.token}"},
            )
        assert answer.status_code == 503, answer.text
        assert "Retry-After" in answer.headers


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_nothing_older_than_tls_1_2(stack: Stack, ledger: LedgerServer, bundles: dict[str, Path]) -> None:
    with replica(stack, ledger, TLS_BUNDLE=str(bundles["falcoria"])) as server:
        old = ssl.create_default_context(cafile=str(bundles["falcoria"]))
        old.check_hostname = False
        old.set_ciphers("DEFAULT@SECLEVEL=0")
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises(httpx.ConnectError, match="(?i)alert protocol version|unsupported"):
            httpx.get(f"{server.url}/livez", verify=old)
        old.maximum_version = ssl.TLSVersion.TLSv1_3
        assert httpx.get(f"{server.url}/livez", verify=old).status_code == 200


@pytest.mark.parametrize(
    "kind, named",
    [(APIServer, ["redis_tls", "scanledger_base_url"]),
     (CoordinatorServer, ["redis_tls", "rabbitmq_tls", "scanledger_base_url"])],
    ids=["TaskerAPI", "TaskerCoordinator"],
)
def test_plain_connections_where_tls_is_required(
    stack: Stack, bundles: dict[str, Path], kind: type[APIServer | CoordinatorServer], named: list[str]
) -> None:
    """The program does not start, and names each connection that is not encrypted."""
    model = (stack.apis if kind is APIServer else stack.coordinators)[0]
    settings = {**stack.settings, "REQUIRE_TLS": "true", "TLS_BUNDLE": str(bundles["falcoria"])}
    server = kind(stack.workspace, "required-tls", Ports().take("tls"), Path(model.command()[0]), settings)
    server.start()
    with pytest.raises(StackError) as refusal:
        server.wait_until_ready()
    for name in named:
        assert f"{name} is" in str(refusal.value), refusal.value


class TLSRedis(RedisServer):
    """A Redis that speaks TLS alone."""

    def __init__(self, stack: Stack, bundle: Path) -> None:
        super().__init__(stack.workspace, Ports().take("tls-redis"), "tls-redis")
        self._bundle = bundle

    def prepare(self) -> None:
        super().prepare()
        files = "".join(f"tls-{name}-file {self._bundle}\n" for name in ("cert", "key", "ca-cert"))
        with (self.data / "redis.conf").open("a") as file:
            file.write(f"port 0\ntls-port {self.port}\ntls-auth-clients no\n{files}")

    def is_ready(self) -> bool:
        return accepts_connections("127.0.0.1", self.port)


class TLSRabbitMQ(RabbitMQServer):
    """A RabbitMQ that speaks TLS beside AMQP in plain."""

    def __init__(self, stack: Stack, bundle: Path) -> None:
        ports = Ports()
        numbers = (ports.take(name) for name in ("tls-rabbitmq", "tls-distribution"))
        super().__init__(stack.workspace, *numbers, stack.port_mapper, "tls-rabbitmq")
        self._bundle = bundle
        self.tls_port = ports.take("tls-amqps")

    def prepare(self) -> None:
        super().prepare()
        files = "".join(f"ssl_options.{name}file = {self._bundle}\n" for name in ("cert", "key", "cacert"))
        with (self.data / "rabbitmq.conf").open("a") as file:
            file.write(f"listeners.ssl.1 = 127.0.0.1:{self.tls_port}\n{files}")


@pytest.fixture(scope="module")
def encrypted(stack: Stack, ledger: LedgerServer, bundles: dict[str, Path]) -> Iterator[dict[str, str]]:
    """Settings of an installation of its own, in which every connection is encrypted and every server is trusted."""
    redis, rabbitmq = servers = TLSRedis(stack, bundles["other"]), TLSRabbitMQ(stack, bundles["other"])
    for server in servers:
        server.start()
    for server in servers:
        server.wait_until_ready()
    yield {
        **stack.settings, **rabbitmq.settings_for(rabbitmq.coordinator), "RABBITMQ_PORT": str(rabbitmq.tls_port),
        "RABBITMQ_TLS": "true", "RABBITMQ_CA_FILE": str(bundles["other"]), "REDIS_PORT": str(redis.port),
        "REDIS_PASSWORD": redis.password, "REDIS_TLS": "true", "REDIS_CA_FILE": str(bundles["other"]),
        "SCANLEDGER_BASE_URL": ledger.url, "TASKER_AUTH_TOKEN": ledger.tasker_token, "REQUIRE_TLS": "true",
        "TLS_BUNDLE": str(bundles["falcoria"]),
    }
    for server in servers:
        server.stop()


@contextmanager
def running(stack: Stack, kind: type[APIServer | CoordinatorServer], settings: dict[str, str]) -> Iterator[Server]:
    """One more process of either program; it may never get ready."""
    model = (stack.apis if kind is APIServer else stack.coordinators)[0]
    name = f"tls-{kind.__name__}-{next(NUMBERS)}"
    server = kind(stack.workspace, name, Ports().take("tls"), Path(model.command()[0]), settings)
    server.start()
    try:
        eventually("it listens", lambda: accepts_connections("127.0.0.1", server.port))
        yield server
    finally:
        server.stop()


def dependency(server: Server, name: str) -> str:
    return httpx.get(f"{server.url}/readyz", verify=False).json()["dependencies"][name]


@pytest.mark.parametrize("kind", PROGRAMS)
def test_where_every_connection_is_encrypted(
    stack: Stack, encrypted: dict[str, str], kind: type[APIServer | CoordinatorServer]
) -> None:
    with running(stack, kind, encrypted) as server:
        eventually("it is ready", lambda: httpx.get(f"{server.url}/readyz", verify=False).status_code == 200)
        assert dependency(server, "redis") == "ok"
        if kind is CoordinatorServer:
            eventually("it has the broker", lambda: dependency(server, "rabbitmq") == "ok")
        assert "not encrypted" not in Path(server.process.log).read_text()


@pytest.mark.parametrize(
    "kind, service, reason",
    [pytest.param(APIServer, "redis", "CERTIFICATE_VERIFY_FAILED", id="TaskerAPI-Redis"),
     pytest.param(CoordinatorServer, "redis", "CERTIFICATE_VERIFY_FAILED", id="TaskerCoordinator-Redis"),
     pytest.param(CoordinatorServer, "rabbitmq", "untrustedPeer", id="TaskerCoordinator-RabbitMQ")],
)
@pytest.mark.parametrize("authority", ["falcoria", None], ids=["another authority", "the system's authorities"])
def test_a_server_that_is_not_trusted_is_not_talked_to(
    stack: Stack, encrypted: dict[str, str], bundles: dict[str, Path], kind: type[APIServer | CoordinatorServer],
    service: str, reason: str, authority: str | None,
) -> None:
    settings = {name: value for name, value in encrypted.items() if name != f"{service.upper()}_CA_FILE"}
    if authority is not None:
        settings[f"{service.upper()}_CA_FILE"] = str(bundles[authority])
    with running(stack, kind, settings) as server:
        eventually("it says why", lambda: reason in Path(server.process.log).read_text())
        eventually("it has none", lambda: dependency(server, service) == "away")
