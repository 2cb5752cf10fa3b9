"""What a whole task does: two phases of an nmap that only waits, and the upload of a canned report."""

from __future__ import annotations

import subprocess
import time

import httpx

from .keys import WorkerKeys
from .settings import Settings

#: What each host is found with.
PORTS = (80, 443)


def scan(settings: Settings, keys: WorkerKeys, payload: dict) -> None:
    """As an existing worker: what goes wrong in nmap or in the upload is told to nobody."""
    keys.begin()
    fault = settings.faults.get(payload["ip"])
    if fault == "raises":
        raise ValueError("Expected exactly one host in the report.")
    for _ in range(2 if payload["include_services"] else 1):
        if not _waits(settings, keys, payload["ip"]) or fault == "times_out":
            return
    if fault != "cannot_upload":
        _upload(settings, payload)


def _waits(settings: Settings, keys: WorkerKeys, address: str) -> bool:
    """Runs a process in nmap's place, which outlives this one if this one is killed. False where it was ended."""
    process = subprocess.Popen([f"twin-nmap {address}", str(settings.seconds)], executable="/bin/sleep")
    keys.note_process(process.pid)
    code = process.wait()
    keys.forget_process()
    return code == 0


def _upload(settings: Settings, payload: dict) -> None:
    httpx.post(
        f"{settings.ledger_url}/projects/{payload['project']}/ips/import",
        params={"mode": payload["mode"], "track_history": str(payload["track_history"]).lower()},
        files={"file": ("nmap_report.xml", _report(payload), "text/xml")},
        headers={"Authorization": f"Bearer {settings.ledger_token}"},
        timeout=20,
    )


def _report(payload: dict) -> str:
    now = int(time.time())
    product = ' product="httpd" version="2.4"' if payload["include_services"] else ""
    ports = "".join(
        f'<port protocol="tcp" portid="{port}"><state state="open" reason="syn-ack" reason_ttl="64"/>'
        f'<service name="http"{product}/></port>'
        for port in PORTS
    )
    names = "".join(f'<hostname name="{name}" type="user"/>' for name in payload["hostnames"])
    return (
        f'<nmaprun scanner="nmap" args="nmap {payload["open_ports_opts"]}" start="{now}" startstr="now" version="7.93" '
        f'xmloutputversion="1.05"><scaninfo type="connect" protocol="tcp" numservices="2" services="80,443"/>'
        f'<verbose level="0"/><debugging level="0"/><host starttime="{now}" endtime="{now}"><status state="up" '
        f'reason="user-set"/><address addr="{payload["ip"]}" addrtype="ipv4"/><hostnames>{names}</hostnames>'
        f'<ports>{ports}</ports></host><runstats><finished time="{now}" exit="success"/>'
        f'<hosts up="1" down="0" total="1"/></runstats></nmaprun>'
    )
