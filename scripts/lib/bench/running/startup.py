"""How soon a process is ready after its start, and how large the programs are."""

from __future__ import annotations

import time
from collections.abc import Iterator

from local_stack.server import Server
from local_stack.swift_build import PROGRAMS

from ..figure import Figure, Goal, at_most
from ..installation import Installation
from ..measurement import Measurement
from ..memory import MEBIBYTE
from ..samples import median
from ..waiting import wait_for

ROUNDS = 5

API = Goal("start_api", "ms", at_most(300))
COORDINATOR = Goal("start_coordinator", "ms", at_most(300))
SIZES = tuple(Goal(f"size_{program}", "MiB", at_most(128)) for program in PROGRAMS)


def measure(installation: Installation) -> Iterator[Figure]:
    """With a coordinator that leads, so that a replica has what it needs to be ready."""
    with installation.tasker():
        samples = [
            [_milliseconds_to_ready(installation, server) for server in
             (installation.api("api-new"), installation.coordinator("coordinator-new"))]
            for _ in range(ROUNDS)
        ]
    yield API.figure(median([api for api, _ in samples]))
    yield COORDINATOR.figure(median([coordinator for _, coordinator in samples]))
    for goal, program in zip(SIZES, PROGRAMS):
        yield goal.figure((installation.programs / program).stat().st_size / MEBIBYTE)


def _milliseconds_to_ready(installation: Installation, server: Server) -> float:
    started = time.monotonic()
    server.start()
    try:
        wait_for(f"{server.name} is ready", server.is_ready, interval=0.005)
        return 1000 * (time.monotonic() - started)
    finally:
        server.stop()


MEASUREMENT = Measurement("start", (API, COORDINATOR, *SIZES), measure)
