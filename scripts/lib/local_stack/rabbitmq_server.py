"""RabbitMQ as a private node: own name, folders, cookie and port mapper, users from a definitions file."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from .repository import BROKER_DEFINITIONS
from .server import Server, accepts_connections
from .workspace import Workspace

VHOST = "tasker"
#: One week in milliseconds. The default of 30 minutes repeats longer scans on workers that acknowledge late.
CONSUMER_TIMEOUT = 7 * 24 * 3600 * 1000


@dataclass(frozen=True)
class BrokerUser:
    name: str
    password: str


class PortMapper(Server):
    """Erlang's epmd. RabbitMQ would start one itself, which would outlive it."""

    def __init__(self, workspace: Workspace, port: int, name: str = "epmd") -> None:
        super().__init__(workspace, name, port)

    def command(self) -> list[str]:
        return ["epmd", "-port", str(self.port), "-address", "127.0.0.1"]

    def is_ready(self) -> bool:
        return accepts_connections("127.0.0.1", self.port)


class RabbitMQServer(Server):
    ready_seconds = 120.0

    def __init__(
        self, workspace: Workspace, port: int, distribution_port: int, mapper: PortMapper, name: str = "rabbitmq"
    ) -> None:
        super().__init__(workspace, name, port)
        self._distribution_port = distribution_port
        self._mapper = mapper
        self._log_start = 0
        self.coordinator = BrokerUser("tasker", secrets.token_hex(16))
        self.worker = BrokerUser("tasker-worker", secrets.token_hex(16))

    @property
    def url(self) -> str:
        return f"amqp://{self.coordinator.name}:{self.coordinator.password}@127.0.0.1:{self.port}/{VHOST}"

    def settings_for(self, user: BrokerUser) -> dict[str, str]:
        """The environment of a program that connects as one of the users."""
        return {
            "RABBITMQ_HOST": "127.0.0.1",
            "RABBITMQ_PORT": str(self.port),
            "RABBITMQ_USER": user.name,
            "RABBITMQ_PASSWORD": user.password,
            "RABBITMQ_VHOST": VHOST,
        }

    def prepare(self) -> None:
        (self.data / "enabled_plugins").write_text("[].\n")
        (self.data / "definitions.json").write_text(self._definitions())
        (self.data / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\n"
            f"load_definitions = {self.data / 'definitions.json'}\n"
            f"consumer_timeout = {CONSUMER_TIMEOUT}\n"
            "disk_free_limit.absolute = 50MB\n")
        self._log_start = self._log.stat().st_size if self._log.exists() else 0

    def environment(self) -> dict[str, str]:
        return {
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._mapper.port),
            "RABBITMQ_NODENAME": f"tasker-{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_CONFIG_FILE": str(self.data / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.data / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.data / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.data / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": str(self.data / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none",
            # Makes the start script become the node instead of guarding it, so that signals reach the node.
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def command(self) -> list[str]:
        # The one in /usr/sbin changes to another user, who cannot write here.
        return ["/usr/lib/rabbitmq/bin/rabbitmq-server"]

    def is_ready(self) -> bool:
        with self._log.open("rb") as log:
            log.seek(self._log_start)
            return b"Server startup complete" in log.read()

    @property
    def _log(self) -> Path:
        return self.workspace.directory / "logs" / f"{self.name}.log"

    def _definitions(self) -> str:
        """Users and permissions as they are deployed."""
        hashes = {"COORDINATOR_HASH": self.coordinator, "WORKER_HASH": self.worker}
        text = BROKER_DEFINITIONS.read_text()
        for place, user in hashes.items():
            text = text.replace(place, _password_hash(user.password))
        return text


def _password_hash(password: str) -> str:
    """As RabbitMQ stores it: a salt of four bytes, then the SHA-256 of salt and password."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
