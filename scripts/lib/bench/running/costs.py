"""What Redis and the broker are asked to do for a target, a result and a status request: counts, which are the same on any
machine, however busy it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..figure import Figure, Goal, at_most
from ..client import scan
from ..installation import Installation
from ..measurement import Measurement
from . import window
from .results import TARGETS, import_results, prepared_results, with_ledger
from .status import SCANS, post_scans

STATUS_REQUESTS = 200
#: What this measurement asks itself.
_OWN = {"auth", "select", "hget", "info", "srandmember", "config|resetstat"}

DISPATCH_COMMANDS = Goal("redis_commands_per_dispatched_target", "commands", at_most(6.5))
DISPATCH_SCRIPTS = Goal("redis_scripts_per_100_dispatched_targets", "scripts", at_most(2))
MESSAGES = Goal("messages_per_dispatched_target", "messages", at_most(1))
#: Eight, and seven more for each script: as many as there are where the machine is busy.
RESULT_COMMANDS = Goal("redis_commands_per_result", "commands", at_most(9.5))
RESULT_SCRIPTS = Goal("redis_scripts_per_100_results", "scripts", at_most(20))
STATUS_COMMANDS = Goal("redis_commands_per_status_request", "commands", at_most(2 * SCANS + 2.5))


class Counts:
    """How often Redis has carried out each command since `counted` was entered; also those that scripts call."""

    def __init__(self) -> None:
        self.calls: dict[str, int] = {}

    @property
    def commands(self) -> int:
        """All but the scripts themselves."""
        return sum(calls for name, calls in self.calls.items() if name not in _OWN | {"evalsha"})

    @property
    def scripts(self) -> int:
        return self.calls.get("evalsha", 0)


@contextmanager
def counted(installation: Installation) -> Iterator[Counts]:
    counts = Counts()
    installation.redis("CONFIG", "RESETSTAT")
    yield counts
    for line in installation.redis("INFO", "commandstats").splitlines()[1:]:
        name, _, fields = line.strip().removeprefix("cmdstat_").partition(":calls=")
        counts.calls[name] = int(fields.partition(",")[0])


def measure(installation: Installation) -> Iterator[Figure]:
    with with_ledger(installation, 0, 0) as (tasker, _):
        tenant = tasker.tenants[0]
        with counted(installation) as dispatching, tasker.client() as client:
            scan_id = client.run(tenant, scan(["10.0.0.0/8"])).document["scan_id"]
            window.wait_until_in_flight(installation, scan_id, TARGETS)
            time.sleep(1)
        messages = installation.amqp_peer.depth("nmap_open_ports_queue")
        tasker.stop_scans([tenant])
        file, count = prepared_results(installation, tasker, tasker.tenants[1])
        with counted(installation) as importing:
            import_results(installation, tasker.tenants[1], file, count)
        tasker.stop_scans([tasker.tenants[1]])
    with installation.tasker() as tasker, tasker.client() as client:
        post_scans(tasker, tenant)
        with counted(installation) as asking:
            for _ in range(STATUS_REQUESTS):
                client.call("GET", tenant, "status")
    yield DISPATCH_COMMANDS.figure(dispatching.commands / TARGETS)
    yield DISPATCH_SCRIPTS.figure(100 * dispatching.scripts / TARGETS)
    yield MESSAGES.figure(messages / TARGETS)
    yield RESULT_COMMANDS.figure(importing.commands / count)
    yield RESULT_SCRIPTS.figure(100 * importing.scripts / count)
    yield STATUS_COMMANDS.figure(asking.commands / STATUS_REQUESTS)


MEASUREMENT = Measurement(
    "costs",
    (DISPATCH_COMMANDS, DISPATCH_SCRIPTS, MESSAGES, RESULT_COMMANDS, RESULT_SCRIPTS, STATUS_COMMANDS),
    measure,
)
