import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

PACKAGE_PARENT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PACKAGE_PARENT))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def base_url(tmp_path):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "scanledger_standin", "--port", str(port), "--db", str(tmp_path / "db"),
         "--journal", str(tmp_path / "journal"), "--max-upload", "100000"],
        cwd=PACKAGE_PARENT, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                httpx.get(url + "/_standin/faults")
                break
            except httpx.TransportError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def as_user(base_url):
    """Makes a client that carries a user's token."""
    clients = []

    def client(name):
        clients.append(httpx.Client(base_url=base_url, headers={"Authorization": f"Bearer {name}-token"}))
        return clients[-1]

    yield client
    for opened in clients:
        opened.close()
