"""TLS by real handshakes: one self-signed bundle for Tasker and ScanLedger, as in Falcoria's compose file."""

from __future__ import annotations

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
from local_stack.redis_server import RedisServer
from local_stack.server import accepts_connections
from local_stack.stack import Stack
from local_stack.tasker_servers import APIServer, CoordinatorServer
from support import eventually

ROOT = Path(__file__).resolve().parents[2]


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
    programs = stack.apis[0].command()[0]
    server = APIServer(stack.workspace, "tls-api", Ports().take("tls"), Path(programs), own)
    server.start()
    try:
        eventually("it listens", lambda: accepts_connections("127.0.0.1", server.port))
        yield server
    finally:
        server.stop()


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


@pytest.fixture(scope="module")
def tls_redis(stack: Stack, bundles: dict[str, Path]) -> Iterator[TLSRedis]:
    server = TLSRedis(stack, bundles["other"])
    server.start()
    server.wait_until_ready()
    yield server
    server.stop()


@pytest.mark.parametrize("kind", [APIServer, CoordinatorServer], ids=["TaskerAPI", "TaskerCoordinator"])
@pytest.mark.parametrize("authority, state", [("other", "ok"), ("falcoria", "away"), (None, "away")])
def test_redis_of_an_authority_that_is_trusted_or_not(
    stack: Stack, tls_redis: TLSRedis, bundles: dict[str, Path], kind: type[APIServer | CoordinatorServer],
    authority: str | None, state: str,
) -> None:
    model = (stack.apis if kind is APIServer else stack.coordinators)[0]
    settings = {
        **stack.settings, "REDIS_PORT": str(tls_redis.port), "REDIS_PASSWORD": tls_redis.password, "REDIS_TLS": "true",
        # With an empty Redis a coordinator leads, and is to be kept from the tests' broker.
        "RABBITMQ_PORT": "1",
    }
    if authority is not None:
        settings["REDIS_CA_FILE"] = str(bundles[authority])
    name = f"tls-{kind.__name__}-{authority}"
    server = kind(stack.workspace, name, Ports().take("tls"), Path(model.command()[0]), settings)
    server.start()
    try:
        eventually("it answers", lambda: accepts_connections("127.0.0.1", server.port))
        eventually(
            f"Redis is {state}",
            lambda: httpx.get(f"{server.url}/readyz").json()["dependencies"]["redis"] == state,
        )
        if state == "away":
            eventually("that is why", lambda: "CERTIFICATE_VERIFY_FAILED" in Path(server.process.log).read_text())
    finally:
        server.stop()
