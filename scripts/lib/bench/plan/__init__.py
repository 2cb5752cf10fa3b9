"""Planning: how fast scans of any size are accepted, resolved, kept and reported."""

from ..measurement import Measurement
from . import accept, active, dead_servers, names, networks, report

MEASUREMENTS: tuple[Measurement, ...] = (
    accept.MEASUREMENT,
    networks.MEASUREMENT,
    active.MEASUREMENT,
    names.MEASUREMENT,
    dead_servers.ONE_SERVER,
    dead_servers.SOME_NAMES,
    report.MEASUREMENT,
)
