"""Results a second from the broker to ScanLedger, beside taking the same messages and doing nothing; and with a ScanLedger
as slow as the real one, beside importing one host after the other."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from local_stack.ledger_server import Tenant

from ..client import scan
from ..figure import Figure, Goal, at_least, ratio_at_least
from ..installation import Installation, Tasker
from ..measurement import Measurement
from ..peers import QuickLedger
from ..samples import median
from ..waiting import wait_for
from . import window

#: 4,000 addresses.
TARGETS, NETWORK = 4_000, "10.1.0.0-10.1.15.159"
QUEUE = "nmap_open_ports_queue"
CONSUMED = "bench.consumed"
PREFETCH = 400
ROUNDS = 5
#: ScanLedger's, as they were measured: seconds for a call and for each host in it.
CALL_SECONDS, HOST_SECONDS = 0.015, 0.001
SINGLE_IMPORTS = 50

RATE = Goal("results", "results/s", ratio_at_least(0.5))
LEAST_RATE = Goal("results_rate", "results/s", at_least(3_000))
SYNC = Goal("sync", "hosts/s", ratio_at_least(10))

_REPORT = """\
<?xml version="1.0" encoding="UTF-8"?>
<nmaprun scanner="nmap" args="nmap -p 80 {ip}" start="1795418625" version="7.93" xmloutputversion="1.05">
<scaninfo type="connect" protocol="tcp" numservices="1" services="80"/>
<host starttime="1795418625" endtime="1795418626"><status state="up" reason="user-set" reason_ttl="0"/>
<address addr="{ip}" addrtype="ipv4"/><hostnames></hostnames>
<ports><port protocol="tcp" portid="80"><state state="open" reason="syn-ack" reason_ttl="0"/>\
<service name="http" method="table" conf="3"/></port></ports></host>
<runstats><finished time="1795418626" elapsed="1.0" exit="success"/><hosts up="1" down="0" total="1"/></runstats>
</nmaprun>
"""


def measure_results(installation: Installation) -> Iterator[Figure]:
    ours, nothing = [], []
    with with_ledger(installation, 0, 0) as (tasker, _):
        for tenant in tasker.tenants[:ROUNDS]:
            file, count = prepared_results(installation, tasker, tenant)
            ours.append(count / import_results(installation, tenant, file, count))
            nothing.append(count / _consume(installation, file, count))
            tasker.stop_scans([tenant])
    yield RATE.figure(median(ours), beside=median(nothing))
    yield LEAST_RATE.figure(median(ours))


def measure_sync(installation: Installation) -> Iterator[Figure]:
    ours, single = [], []
    with with_ledger(installation, CALL_SECONDS, HOST_SECONDS) as (tasker, ledger):
        for tenant in tasker.tenants[:ROUNDS]:
            file, count = prepared_results(installation, tasker, tenant)
            ours.append(count / import_results(installation, tenant, file, count))
            single.append(SINGLE_IMPORTS / _import_singly(tenant, ledger.port))
            tasker.stop_scans([tenant])
    yield SYNC.figure(median(ours), beside=median(single))


@contextmanager
def with_ledger(
    installation: Installation, per_call: float, per_host: float, **changes: str
) -> Iterator[tuple[Tasker, QuickLedger]]:
    ledger = QuickLedger(installation.workspace, installation.ports.take("quick-ledger"), per_call, per_host)
    settings = {"SCANLEDGER_BASE_URL": ledger.url, "PER_NETWORK": "0", **window.settings(TARGETS), **changes}
    with installation.running(ledger), installation.tasker(**settings) as tasker, installation.idle_worker():
        yield tasker, ledger


def prepared_results(installation: Installation, tasker: Tasker, tenant: Tenant) -> tuple[Path, int]:
    """Dispatches a scan, takes the tasks that the worker has not taken, and writes what a worker would return for them."""
    with tasker.client() as client:
        scan_id = client.run(tenant, scan([NETWORK], mode="append")).document["scan_id"]
    window.wait_until_filled(installation, scan_id, TARGETS)
    tasks = installation.workspace.data("peers") / "tasks"
    installation.amqp_peer.drain(QUEUE, tasks)
    file = tasks.with_name("results")
    with tasks.open() as lines, file.open("w") as results:
        count = sum(1 for line in lines if results.write(_result(line)))
    return file, count


def _result(task: str) -> str:
    """The answer to a task, as `replay` reads it."""
    task_id, _, body = task.partition("\t")
    argument = json.loads(body)[0][0]
    answer = {
        "task_id": task_id,
        "status": "SUCCESS",
        "result": {
            **{name: argument[name] for name in ("scan", "project", "target", "attempt", "phase", "ip")},
            "exit_code": 0,
            "xml": _REPORT.format(ip=argument["ip"]),
            "started_at": 1795418625.0,
            "finished_at": 1795418626.0,
            "worker": "bench",
        },
        "traceback": None,
        "children": [],
    }
    return f"{task_id}\t{json.dumps(answer)}\n"


def import_results(installation: Installation, tenant: Tenant, file: Path, count: int) -> float:
    """The seconds from the first result that is published until all have their outcome."""
    with installation.redis_connection() as redis:
        scan_key = f"tasker:scan:{redis.call('SRANDMEMBER', f'tasker:project:{tenant.project}:active')}"
        key = f"tasker_results.{tenant.project}"
        with installation.amqp_peer.replay(file, "tasker_results", key) as started:
            wait_for(
                "all results are imported", lambda: int(redis.call("HGET", scan_key, "done") or 0) >= count,
                seconds=60, interval=0.005)
            return time.monotonic() - started


def _consume(installation: Installation, file: Path, count: int) -> float:
    """The same for a consumer that acknowledges what it gets."""
    with (
        installation.amqp_peer.consumer(CONSUMED, count, PREFETCH) as consumer,
        installation.amqp_peer.replay(file, "", CONSUMED) as started,
    ):
        consumer.wait(60)
        return time.monotonic() - started


def _import_singly(tenant: Tenant, port: int) -> float:
    """The seconds for reports of one host each, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    boundary = uuid4().hex
    started = time.monotonic()
    for number in range(SINGLE_IMPORTS):
        report = _REPORT.format(ip=f"10.9.0.{number}")
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="report.xml"\r\n\r\n'
            f"{report}\r\n--{boundary}--\r\n")
        connection.request(
            "POST", f"/projects/{tenant.project}/ips/import?mode=append", body.encode(),
            {"Content-Type": f"multipart/form-data; boundary={boundary}"})
        connection.getresponse().read()
    seconds = time.monotonic() - started
    connection.close()
    return seconds


MEASUREMENT = Measurement("results", (RATE, LEAST_RATE), measure_results)
SYNC_MEASUREMENT = Measurement("sync", (SYNC,), measure_sync)
