"""The quickstart's scan: the demo services, the request, the progress bar and the table."""

from __future__ import annotations

import json
import shutil
import sys
import time
import urllib.error
import urllib.request
from ipaddress import ip_address

import demo_services
from local_stack import Stack, StackError
from local_stack.server import accepts_connections

HOSTS = ["127.0.0.16/29", "demo-a.tasker.test", "demo-b.tasker.test"]
SERVICES = [*demo_services.WEB, demo_services.SSH, demo_services.SMTP, demo_services.REDIS]
PORTS = sorted({str(port) for _, port in SERVICES})
REQUEST = {
    "hosts": HOSTS,
    "open_ports_opts": {"ports": PORTS, "skip_host_discovery": True, "dns_resolution": False},
    "service_opts": {},
    "timeout": 120,
    "include_services": True,
    "mode": "insert",
}
SCAN_SECONDS = 170
_ENDED = ("completed", "stopped", "failed")
_BAR_WIDTH = 30


def start_services(stack: Stack) -> None:
    """Starts the demo services as part of the stack, so that they end with it."""
    address, port = demo_services.REDIS
    workspace = stack.workspace
    started = [
        (workspace.spawn("demo-services", [sys.executable, demo_services.__file__], {}), demo_services.SMTP),
        (workspace.spawn("demo-redis", ["redis-server", "--bind", address, "--port", str(port), "--save", ""], {}),
         demo_services.REDIS),
    ]
    for process, place in started:
        process.wait_until(lambda: accepts_connections(*place), seconds=10)


def call(url: str, token: str, body: dict | None = None) -> dict | list:
    """One request with a bearer token: a POST if there is a body."""
    request = urllib.request.Request(
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        answer = error.read(2000).decode(errors="replace")
        raise StackError(f"{request.get_method()} {url}: {error.code} {answer}") from None
    except OSError as error:
        raise StackError(f"{request.get_method()} {url}: {error}") from None


def watch(url: str, token: str) -> dict:
    """Draws the scan's progress until it has ended; answers its last state."""
    deadline = time.monotonic() + SCAN_SECONDS
    last = None
    while True:
        scan = call(url, token)
        if scan != last:
            _draw(scan)
        last = scan
        if scan["state"] in _ENDED:
            print(file=sys.stderr)
            return scan
        if time.monotonic() > deadline:
            raise StackError(f"the scan did not end within {SCAN_SECONDS} s; it is {json.dumps(scan)}")
        time.sleep(0.3)


def _draw(scan: dict) -> None:
    planned = scan["planned"]
    ended = sum(scan[outcome] for outcome in ("done", "done_partial", "failed", "cancelled"))
    filled = _BAR_WIDTH * ended // planned if planned else 0
    line = (f"{'█' * filled}{'░' * (_BAR_WIDTH - filled)} {ended}/{planned} hosts, "
            f"{scan['in_flight']} in flight, {scan['state'].replace('_', ' ')}")
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"\r{line[:width]:<{width}}", end="", file=sys.stderr, flush=True)
    else:
        print(line, file=sys.stderr, flush=True)


def table(hosts: list[dict]) -> str:
    """Hosts, their names, and their open ports with what answers there."""
    rows = [("HOST", "NAMES", "PORT", "SERVICE", "VERSION")]
    for host in sorted(hosts, key=lambda host: ip_address(host["ip"])):
        names = ", ".join(host["hostnames"])
        ports = sorted((port for port in host["ports"] if port["state"] == "open"), key=lambda port: port["number"])
        for port in ports:
            version = " ".join(filter(None, (port["product"], port["version"], port["extrainfo"])))
            rows.append((host["ip"], names, f"{port['number']}/{port['protocol']}", port["service"], version))
        if not ports:
            rows.append((host["ip"], names, "none open", "", ""))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths)).rstrip() for row in rows)
