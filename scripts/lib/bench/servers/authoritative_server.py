"""NSD, serving a zone of A records on loopback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from local_stack.server import Server
from local_stack.workspace import Workspace

from .probe import answers

ZONE = "bench.test"


class AuthoritativeServer(Server):
    """One process behind all its ports. It knows `names` (without the zone) and their addresses."""

    def __init__(
        self, workspace: Workspace, ports: Sequence[int], names: Mapping[str, str], name: str = "nsd"
    ) -> None:
        super().__init__(workspace, name, ports[0])
        self._ports = ports
        self._names = names

    @property
    def addresses(self) -> list[str]:
        return [f"127.0.0.1:{port}" for port in self._ports]

    def prepare(self) -> None:
        listening = "\n".join(f"    ip-address: 127.0.0.1@{port}" for port in self._ports)
        # No rate limit, which Debian's build has by default; no files elsewhere, no other user.
        (self.data / "nsd.conf").write_text(f"""\
server:
    server-count: 1
{listening}
    rrl-ratelimit: 0
    username: ""
    chroot: ""
    zonesdir: "{self.data}"
    database: ""
    pidfile: ""
    zonelistfile: "{self.data / 'zone.list'}"
    xfrdfile: "{self.data / 'xfrd.state'}"
    xfrdir: "{self.data}"
    cookie-secret-file: ""
remote-control:
    control-enable: no
zone:
    name: {ZONE}
    zonefile: zone
""")
        with (self.data / "zone").open("w") as zone:
            zone.write(f"$ORIGIN {ZONE}.\n$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 300\n")
            zone.write("@ NS ns\nns A 127.0.0.1\n")
            zone.writelines(f"{name} A {address}\n" for name, address in self._names.items())

    def command(self) -> list[str]:
        return ["nsd", "-d", "-c", str(self.data / "nsd.conf")]

    def is_ready(self) -> bool:
        return all(answers(port, f"ns.{ZONE}") for port in self._ports)
