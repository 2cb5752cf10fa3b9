"""D1: names whose servers do not answer."""

from __future__ import annotations

import random

from bench.servers import HesitantServer

from ..installation import Installation, Layout
from ..row import Observation, Row

NAMES, DEAD = 1_000, 200


def dead_servers(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """A fifth of the names, anywhere in the list, belong to servers that are dead."""
    server = HesitantServer(installation.workspace, installation.ports.take("hesitant-dns"))
    server.start()
    server.wait_until_ready()
    with installation.site(Layout(workers=0, settings={"DNS_SERVERS": server.address})) as site:
        for trial in range(trials):
            dead = set(chance.sample(range(NAMES), DEAD))
            names = [f"{'dead' if n in dead else 'live'}{trial * NAMES + n}.test" for n in range(NAMES)]
            answer = site.alice.post("run-nmap", site.alice.body(names, dry_run=True))
            answer.raise_for_status()
            scan = answer.json()["scan_id"]
            site.alice.finish(scan)
            refused = {
                name
                for line in site.alice.lines(scan) if line["outcome"] == "refused" for name in line["hostnames"]
            }
            healthy = {name for name in names if name.startswith("live")}
            observation.expect(not healthy & refused, f"{len(healthy & refused)} healthy names were refused")
            observation.expect(len(refused) == DEAD, f"{len(refused)} of {DEAD} dead names were refused")
            observation.count("healthy names", len(healthy))
    server.stop()


ROWS = (
    Row("D1", "1,000 names, 20 % dead name servers", "no healthy name refused", 1, 20, dead_servers, seconds=8),
)
