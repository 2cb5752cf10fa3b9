"""The configuration files, read by the servers that they are for."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_haproxy_takes_its_file(compose: Path, tmp_path: Path) -> None:
    text = (compose / "haproxy.cfg").read_text().replace("/run/secrets/tls_bundle", str(compose / "secrets/bundle.pem"))
    (tmp_path / "haproxy.cfg").write_text(text)
    done = subprocess.run(
        ["/usr/sbin/haproxy", "-c", "-f", tmp_path / "haproxy.cfg"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("source", ["compose/redis.conf", "kubernetes/components/datastores/redis.conf"])
def test_redis_takes_its_file_and_asks_for_the_password(compose: Path, tmp_path: Path, source: str) -> None:
    secret = compose / "secrets" / "redis-password.conf"
    text = (DEPLOY / source).read_text()
    for there, here in (
        ("/run/secrets/redis_password_conf", str(secret)), ("/etc/tasker-secrets/redis.conf", str(secret)),
        ("bind * -::*", "bind 127.0.0.1"), ("dir /data", f"dir {tmp_path}"),
    ):
        text = text.replace(there, here)
    port = free_port()
    (tmp_path / "redis.conf").write_text(f"{text}\nport {port}\n")
    server = subprocess.Popen(["redis-server", tmp_path / "redis.conf"], stdout=subprocess.DEVNULL)
    try:
        password = secret.read_text().split()[1]
        assert ask(port, "CONFIG GET appendfsync").startswith("-NOAUTH")
        assert "always" in ask(port, f"AUTH {password}", "CONFIG GET appendfsync")
        assert "noeviction" in ask(port, f"AUTH {password}", "CONFIG GET maxmemory-policy")
    finally:
        server.kill()
        server.wait()


def ask(port: int, *commands: str) -> str:
    """What Redis answers to the last of them."""
    deadline = time.monotonic() + 20
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                for command in commands:
                    connection.sendall(command.encode() + b"\r\n")
                    answer = connection.recv(1000).decode()
                return answer
        except OSError:
            assert time.monotonic() < deadline, "redis-server does not start"
            time.sleep(0.05)
