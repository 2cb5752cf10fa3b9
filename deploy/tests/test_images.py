"""What the images' health checks ask, by the settings of their container."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

import pytest

DOCKERFILE = Path(__file__).resolve().parents[1] / "Dockerfile"
WORKER = DOCKERFILE.parent / "worker/Dockerfile"


@pytest.fixture(scope="module")
def checks() -> dict[str, str]:
    """The shell command of each image's health check."""
    text = DOCKERFILE.read_text().replace("\\\n", "")
    stages = re.findall(r"^FROM runtime AS (\w+)$.*?^HEALTHCHECK .*? CMD (.*?)$", text, re.MULTILINE | re.DOTALL)
    return dict(stages)


@pytest.mark.parametrize(
    "image, environment, url",
    [
        ("api", {}, "http://127.0.0.1:8001/livez"),
        ("api", {"API_PORT": "80"}, "http://127.0.0.1:80/livez"),
        ("api", {"TLS_BUNDLE": "/b.pem"}, "https://127.0.0.1:8443/livez"),
        ("api", {"tls_bundle": "/b.pem", "api_port": "443"}, "https://127.0.0.1:443/livez"),
        ("coordinator", {}, "http://127.0.0.1:8002/livez"),
        ("coordinator", {"COORDINATOR_PORT": "9000"}, "http://127.0.0.1:9000/livez"),
        ("coordinator", {"coordinator_port": "9000"}, "http://127.0.0.1:9000/livez"),
    ],
)
def test_where_the_program_listens(
    checks: dict[str, str], tmp_path: Path, image: str, environment: dict[str, str], url: str
) -> None:
    (tmp_path / "curl").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "curl").chmod(0o755)
    asked = subprocess.run(
        ["/bin/sh", "-c", checks[image]], env={"PATH": str(tmp_path), **environment}, capture_output=True, text=True,
        timeout=10, check=True,
    )
    assert url in asked.stdout.split(), asked


@pytest.mark.parametrize("age, is_healthy", [(0, True), (60, False), (None, False)])
def test_a_worker_is_healthy_while_its_file_is_young(tmp_path: Path, age: float | None, is_healthy: bool) -> None:
    text = WORKER.read_text().replace("\\\n", "")
    (check,) = re.findall(r"^HEALTHCHECK .*? CMD (.*?)$", text, re.MULTILINE)
    file = tmp_path / "ready"
    if age is not None:
        file.touch()
        os.utime(file, (time.time() - age,) * 2)
    done = subprocess.run(
        ["/bin/sh", "-c", check], env={"PATH": "/usr/bin:/bin", "TASKER_WORKER_READY_FILE": str(file)},
        capture_output=True, timeout=10)
    assert (done.returncode == 0) == is_healthy
