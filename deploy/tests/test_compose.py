"""compose.yaml and the overlay for Falcoria, as docker-compose reads them, and rules of our own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from conftest import consumer_timeout

#: What matters of Falcoria's own file to the overlay: the services it changes, with the names of their settings.
FALCORIA = """
services:
  scanledger: {image: "scanledger:1"}
  redis:
    image: "redis:7"
    command: redis-server --requirepass ${REDIS_PASSWORD}
    healthcheck: {test: ["CMD", "true"]}
  rabbitmq:
    image: "rabbitmq:3"
    healthcheck: {test: ["CMD", "true"]}
  tasker:
    image: "tasker:1"
    environment: {environment: "${TASKER_ENVIRONMENT}", postgres_host: postgres, redis_host: redis, redis_port: "6379"}
    volumes: ["./certs/bundle.pem:/docker-entrypoint.d/bundle.pem:ro"]
    ports: ["8443:443"]
"""
FALCORIA_VARIABLES = (
    "REDIS_PASSWORD", "REDIS_DB", "RABBITMQ_USER", "RABBITMQ_PASSWORD", "RABBITMQ_VHOST", "TASKER_ENVIRONMENT",
    "SCANLEDGER_TASKER_TOKEN", "TASKER_SCANLEDGER_BASE_URL",
)


def config(folder: Path, *files: str, **environment: str) -> dict:
    """The whole as docker-compose understands it."""
    command = ["docker-compose", *(part for file in files for part in ("-f", file)), "config"]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(done.stdout)


@pytest.fixture(scope="module")
def whole(compose: Path) -> dict:
    return config(compose, "compose.yaml")


@pytest.fixture(scope="module")
def services(whole: dict) -> dict:
    return whole["services"]


def test_every_service_is_locked_down(services: dict) -> None:
    assert set(services) == {"api", "coordinator", "balancer", "worker", "redis", "rabbitmq"}
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["restart"] == "unless-stopped", name
        assert re.search(r":[0-9]", service["image"]) or "build" in service, f"{name} follows a moving tag"
        assert "privileged" not in service and service.get("network_mode") is None, name


def test_root_and_raw_packets_are_the_workers_alone(services: dict) -> None:
    for name, service in services.items():
        if name == "worker":
            assert (service["user"], service["cap_add"]) == ("0:0", ["NET_RAW"])
        else:
            assert not service["user"].startswith("0") and "cap_add" not in service, name


def test_workers_reach_neither_redis_nor_secrets_of_others(services: dict) -> None:
    networks = {name: set(service["networks"]) for name, service in services.items()}
    assert not networks["worker"] & networks["redis"]
    assert networks["worker"] & networks["rabbitmq"]
    assert {name for name in services["worker"]["environment"] if "TOKEN" in name or "REDIS" in name} == set()


def test_nothing_but_the_balancer_has_a_port_outside(services: dict) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["balancer"]


def test_only_settings_that_exist_are_set(services: dict, settings: set[str], worker_settings: set[str]) -> None:
    for name in ("api", "coordinator"):
        assert set(services[name]["environment"]) <= settings
    assert set(services["worker"]["environment"]) <= worker_settings


def test_the_balancer_alone_is_believed(whole: dict, services: dict) -> None:
    """What another network's containers say of a request's origin counts for nothing."""
    subnet = whole["networks"]["front"]["ipam"]["config"][0]["subnet"]
    assert services["api"]["environment"]["TRUSTED_PROXIES"] == subnet
    assert list(services["balancer"]["networks"]) == ["front"] and "front" in services["api"]["networks"]


def test_tasker_knows_how_long_the_broker_waits(compose: Path, services: dict) -> None:
    assert services["coordinator"]["environment"]["RABBITMQ_CONSUMER_TIMEOUT"] == consumer_timeout(
        (compose / "rabbitmq.conf").read_text())


def test_in_the_place_of_falcorias_service(compose: Path, tmp_path: Path, settings: set[str]) -> None:
    (tmp_path / "docker-compose.yml").write_text(FALCORIA)
    shutil.copy(compose / "falcoria.yaml", tmp_path)
    environment = dict.fromkeys(FALCORIA_VARIABLES, "x")
    services = config(tmp_path, "docker-compose.yml", "falcoria.yaml", **environment)["services"]
    tasker, coordinator = services["tasker"], services["tasker-coordinator"]
    assert tasker["image"] == "tasker-api" and coordinator["image"] == "tasker-coordinator"
    assert tasker["environment"]["redis_host"] == "redis", "what Falcoria sets stays"
    bundle = tasker["environment"]["tls_bundle"]
    assert any(bundle in str(volume) for volume in tasker["volumes"])
    for service in (tasker, coordinator):
        ours = {name.upper() for name in service["environment"] if not name.startswith("postgres_")}
        assert ours <= settings
        # Falcoria's broker has RabbitMQ's default, as Tasker's setting has; nothing stands in front of the API.
        assert not ours & {"RABBITMQ_CONSUMER_TIMEOUT", "TRUSTED_PROXIES"}
    assert "appendonly yes" in " ".join(services["redis"]["command"]) or "appendonly yes" in services["redis"]["command"]
