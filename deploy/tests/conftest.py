"""What the checks of the deployment share: the secrets script's output, and the names of all settings."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[1]


def consumer_timeout(rabbitmq_conf: str) -> str:
    """The broker's consumer_timeout, in milliseconds there, as Tasker's setting of that name says it."""
    milliseconds = int(re.search(r"^consumer_timeout = (\d+)$", rabbitmq_conf, re.MULTILINE)[1])
    return f"{milliseconds // 1000}s"


@pytest.fixture(scope="session")
def compose(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compose folder of a copy, with secrets made as its readers are told to."""
    root = tmp_path_factory.mktemp("checkout") / "deploy"
    shutil.copytree(DEPLOY, root, ignore=shutil.ignore_patterns("secrets", "__pycache__", ".pytest_cache"))
    folder = root / "compose"
    subprocess.run([folder / "generate-secrets.sh", "tasker.example"], check=True, timeout=60)
    return folder


@pytest.fixture(scope="session")
def settings() -> set[str]:
    """Every setting of the API and the coordinator, from the generated example."""
    example = (DEPLOY.parent / ".env.example").read_text()
    return {name.upper() for name in re.findall(r"^#?([a-z_]+)=", example, re.MULTILINE)}


@pytest.fixture(scope="session")
def worker_settings() -> set[str]:
    """Every setting of the worker, from its README."""
    readme = (DEPLOY / "worker" / "README.md").read_text()
    return set(re.findall(r"`([A-Z_]+)`", readme))
