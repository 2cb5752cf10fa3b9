"""How fast 100,000 names are resolved and planned, beside what `dnsperf` gets from the same server."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path

from ..client import scan
from ..errors import MeasurementError
from ..figure import Figure, Goal, at_least, ratio_at_least
from ..installation import Installation
from ..measurement import Measurement
from ..samples import median
from ..servers import AuthoritativeServer
from ..servers.authoritative_server import ZONE

NAMES = 100_000
ROUNDS = 5

RATE = Goal("resolve_100000_names", "names/s", at_least(20_000), ratio_at_least(0.5))


def names_of(turn: int) -> list[str]:
    """Names of one round. No round asks for names of another, so that no cache helps."""
    return [f"host-{turn}-{number}" for number in range(NAMES)]


def addresses() -> dict[str, str]:
    """An address of its own in 10.0.0.0/8 for each name of each round, far from its neighbours'."""
    names = (name for turn in range(ROUNDS) for name in names_of(turn))
    return {name: str(IPv4Address((10 << 24) + 33 * index + 1)) for index, name in enumerate(names)}


def measure(installation: Installation) -> Iterator[Figure]:
    server = AuthoritativeServer(installation.workspace, [installation.ports.take("nsd")], addresses())
    server.start()
    try:
        server.wait_until_ready()
        ours, dnsperf = _alternating(installation, server)
    finally:
        server.stop()
    yield RATE.figure(median(ours), beside=median(dnsperf))


def _alternating(installation: Installation, server: AuthoritativeServer) -> tuple[list[float], list[float]]:
    ours, dnsperf = [], []
    with installation.tasker(DNS_SERVERS=server.addresses[0]) as tasker, tasker.client() as client:
        for turn in range(ROUNDS):
            names = [f"{name}.{ZONE}" for name in names_of(turn)]
            dnsperf.append(_dnsperf(names, server))
            answer = client.run(tasker.tenants[0], scan(names, dry_run=True), {"Prefer": "wait=55"})
            if answer.document["summary"]["sent_to_scan"] != NAMES:
                raise MeasurementError(f"not all names became targets: {answer.document['summary']}")
            ours.append(NAMES / answer.seconds)
    return ours, dnsperf


def _dnsperf(names: list[str], server: AuthoritativeServer) -> float:
    """Names per second when dnsperf asks for each once, with as many questions under way as it has by itself."""
    questions: Path = server.data / "questions"
    questions.write_text("".join(f"{name} A\n" for name in names))
    done = subprocess.run(
        ["dnsperf", "-s", "127.0.0.1", "-p", str(server.port), "-d", str(questions), "-n", "1"],
        capture_output=True, text=True, timeout=60)
    rate = re.search(r"Queries per second:\s+([0-9.]+)", done.stdout)
    if rate is None or not re.search(r"Queries lost:\s+0 ", done.stdout):
        raise MeasurementError(f"dnsperf did not get all answers:\n{done.stdout}{done.stderr}")
    return float(rate[1])


MEASUREMENT = Measurement("names", (RATE,), measure)
