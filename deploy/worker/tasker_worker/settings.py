"""Settings from the environment, under the names that all of Tasker uses, in upper or lower case."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote


class SettingError(ValueError):
    """A setting that cannot be used; the message names it."""


@dataclass(frozen=True)
class Settings:
    broker_host: str
    broker_port: int
    broker_user: str
    broker_password: str
    broker_vhost: str
    broker_tls: bool
    broker_ca_file: str | None
    name: str
    concurrency: int
    address: str | None
    log_level: str
    nmap: str
    #: Written while scans can be taken in; nothing is where there is none.
    ready_file: str | None = None

    @classmethod
    def load(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        def text(name: str, default: str | None = None) -> str | None:
            return environment.get(name) or environment.get(name.lower()) or default

        def number(name: str, default: int, upper: int) -> int:
            value = text(name, str(default))
            if not (value.isascii() and value.isdigit() and 1 <= int(value) <= upper):
                raise SettingError(f"{name} must be a number from 1 to {upper}, not {value!r}")
            return int(value)

        tls = text("RABBITMQ_TLS", "false").lower()
        if tls not in ("true", "false"):
            raise SettingError(f"RABBITMQ_TLS must be true or false, not {tls!r}")
        level = text("LOGGER_LEVEL", "info").upper()
        if level not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
            raise SettingError(f"LOGGER_LEVEL must be debug, info, warning, error or critical, not {level!r}")
        return cls(
            broker_host=text("RABBITMQ_HOST", "localhost"),
            broker_port=number("RABBITMQ_PORT", 5671 if tls == "true" else 5672, 65535),
            broker_user=text("RABBITMQ_USER", "guest"),
            broker_password=text("RABBITMQ_PASSWORD", "guest"),
            broker_vhost=text("RABBITMQ_VHOST", "/"),
            broker_tls=tls == "true",
            broker_ca_file=text("RABBITMQ_CA_FILE"),
            name=text("WORKER_NAME", socket.gethostname()),
            concurrency=number("WORKER_CONCURRENCY", 10, 1000),
            address=text("WORKER_IP"),
            log_level=level,
            nmap=text("TASKER_WORKER_NMAP", "nmap"),
            ready_file=text("TASKER_WORKER_READY_FILE"),
        )

    @property
    def broker_url(self) -> str:
        user, password, vhost = (
            quote(part, safe="") for part in (self.broker_user, self.broker_password, self.broker_vhost)
        )
        host = f"[{self.broker_host}]" if ":" in self.broker_host else self.broker_host
        return f"amqp://{user}:{password}@{host}:{self.broker_port}/{vhost}"

    @property
    def broker_ssl(self) -> dict | bool:
        """What Celery's `broker_use_ssl` takes: the certificate and its host name are always verified."""
        if not self.broker_tls:
            return False
        return {
            "ca_certs": self.broker_ca_file,
            "cert_reqs": ssl.CERT_REQUIRED,
            "server_hostname": self.broker_host,
        }

    def own_address(self) -> str:
        """The address that the broker is reached from, unless one is set."""
        if self.address:
            return self.address
        family, kind, protocol, _, peer = socket.getaddrinfo(
            self.broker_host, self.broker_port, type=socket.SOCK_DGRAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.connect(peer)
            return probe.getsockname()[0]
