"""1,000 names where a fifth of the name servers, or the servers of a fifth of the names, never answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from ..client import scan
from ..errors import MeasurementError
from ..figure import Figure, Goal, at_most
from ..installation import Installation
from ..measurement import Measurement
from ..servers import AuthoritativeServer, HesitantServer, deaf_socket
from ..servers.authoritative_server import ZONE

NAMES = 1_000
DEAD_NAMES = 200
ROUNDS = 5
LIVE_SERVERS = 4

SERVER_SECONDS = Goal("one_of_five_servers_dead", "s", at_most(8))
SERVER_REFUSED = Goal("one_of_five_servers_dead_healthy_refused", "names", at_most(0))
NAMES_SECONDS = Goal("a_fifth_of_names_dead", "s", at_most(8))
NAMES_REFUSED = Goal("a_fifth_of_names_dead_healthy_refused", "names", at_most(0))


def measure_server(installation: Installation) -> Iterator[Figure]:
    """Five servers know all names; one of them never answers."""
    names = [[f"host-{turn}-{number}" for number in range(NAMES)] for turn in range(ROUNDS)]
    addresses = {
        name: f"10.{turn}.{number // 250}.{number % 250}"
        for turn, group in enumerate(names)
        for number, name in enumerate(group)
    }
    ports = [installation.ports.take(f"nsd-{number}") for number in range(LIVE_SERVERS)]
    server = AuthoritativeServer(installation.workspace, ports, addresses)
    with ExitStack() as stack:
        server.start()
        stack.callback(server.stop)
        server.wait_until_ready()
        deaf = stack.enter_context(deaf_socket(installation.ports.take("deaf")))
        rounds = [[f"{name}.{ZONE}" for name in group] for group in names]
        seconds, refused = _resolve(installation, [deaf, *server.addresses], rounds, unresolvable=0)
    yield SERVER_SECONDS.figure(seconds)
    yield SERVER_REFUSED.figure(refused)


def measure_names(installation: Installation) -> Iterator[Figure]:
    """One server never answers for a fifth of the names, as when theirs are dead behind it."""
    server = HesitantServer(installation.workspace, installation.ports.take("hesitant-dns"))
    rounds = [
        [f"{'dead' if number % (NAMES // DEAD_NAMES) == 0 else 'live'}{turn * NAMES + number}.test"
         for number in range(NAMES)]
        for turn in range(ROUNDS)
    ]
    with ExitStack() as stack:
        server.start()
        stack.callback(server.stop)
        server.wait_until_ready()
        seconds, refused = _resolve(installation, [server.address], rounds, unresolvable=DEAD_NAMES)
    yield NAMES_SECONDS.figure(seconds)
    yield NAMES_REFUSED.figure(refused)


def _resolve(
    installation: Installation, servers: list[str], rounds: list[list[str]], unresolvable: int
) -> tuple[float, int]:
    """The seconds of the slowest round, and how many names were refused beyond those that nobody knows."""
    seconds, refused = [], 0
    with installation.tasker(DNS_SERVERS=",".join(servers)) as tasker, tasker.client() as client:
        for names in rounds:
            answer = client.run(tasker.tenants[0], scan(names, dry_run=True), {"Prefer": "wait=55"})
            summary = answer.document["summary"]
            if summary["refused"]["unresolvable"] != NAMES - summary["sent_to_scan"]:
                raise MeasurementError(f"names were not planned for another reason than being unresolvable: {summary}")
            seconds.append(answer.seconds)
            refused += NAMES - unresolvable - summary["sent_to_scan"]
    return max(seconds), refused


ONE_SERVER = Measurement("dead-server", (SERVER_SECONDS, SERVER_REFUSED), measure_server)
SOME_NAMES = Measurement("dead-names", (NAMES_SECONDS, NAMES_REFUSED), measure_names)
