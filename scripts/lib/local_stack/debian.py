"""Installs the Debian packages that are missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .process import StackError

BUILD_PACKAGES = (
    "libhiredis-dev", "librabbitmq-dev", "libssl-dev", "libcurl4-openssl-dev", "libc-ares-dev", "zlib1g-dev",
    "pkg-config",
)
RUN_PACKAGES = ("redis-server", "rabbitmq-server", "nmap", "haproxy", "dnsmasq-base", "python3-venv", "docker-compose")
#: What the tests look at the dashboard with.
BROWSER_PACKAGES = ("chromium", "chromium-driver")

_POLICY = Path("/usr/sbin/policy-rc.d")


def install_missing(packages: Sequence[str], progress: Callable[[str], None]) -> None:
    """Installs what is not there yet, without starting any system service."""
    missing = [package for package in packages if not _is_installed(package)]
    if not missing:
        return
    if shutil.which("apt-get") is None:
        raise StackError(f"this is not Debian; install what these packages hold: {' '.join(missing)}")
    progress(f"installing {' '.join(missing)}")
    with _services_kept_stopped():
        _run_as_root(["apt-get", "update", "-qq"])
        _run_as_root(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *missing])


def _is_installed(package: str) -> bool:
    if shutil.which("dpkg-query") is None:
        return False
    answer = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package], capture_output=True, text=True)
    return answer.stdout == "installed"


@contextmanager
def _services_kept_stopped() -> Iterator[None]:
    """A policy that forbids package scripts to start services, unless the machine already has a policy."""
    if _POLICY.exists():
        yield
        return
    _run_as_root(["sh", "-c", f"printf '#!/bin/sh\\nexit 101\\n' > {_POLICY} && chmod 755 {_POLICY}"])
    try:
        yield
    finally:
        _run_as_root(["rm", "-f", str(_POLICY)])


def _run_as_root(command: list[str]) -> None:
    if os.geteuid() != 0:
        command = ["sudo", "DEBIAN_FRONTEND=noninteractive", *command]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise StackError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr).strip()[-2000:]}")
