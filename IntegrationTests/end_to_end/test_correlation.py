"""A request is found again in everything that it led to: logs of each process, tasks, requests to ScanLedger."""

from __future__ import annotations

import json
from typing import Any

from local_stack.stack import Stack
from support import Client, request

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADERS = {"X-Request-ID": "order-17.a", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}


def records(stack: Stack, names: list[str]) -> list[dict[str, Any]]:
    """What processes have logged; every line is a record."""
    files = (stack.workspace.directory / "logs" / f"{name}.log" for name in names)
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def test_a_request_is_found_in_what_it_led_to(stack: Stack, alice: Client) -> None:
    answer = alice.run(request(["127.0.23.1"], ["1"], mode="update"), headers=HEADERS)
    assert answer.headers["X-Request-ID"] == HEADERS["X-Request-ID"]
    scan = answer.json()["scan_id"]
    assert alice.finish(scan)["done"] == 1

    for processes, message in ((stack.apis, "Scan accepted"), (stack.coordinators, "planned")):
        lines = records(stack, [process.name for process in processes])
        (record,) = [line for line in lines if line["message"] == message and line["metadata"]["scan"] == scan]
        assert record["metadata"]["request"] == HEADERS["X-Request-ID"]
        assert record["metadata"]["trace_id"] == TRACE

    entries = [json.loads(line) for line in stack.ledger.journal.read_text().splitlines()]
    (imported,) = [
        entry for entry in entries if "127.0.23.1" in [host["ip"] for host in (entry.get("import") or {}).get("hosts", [])]]
    assert imported["request_id"] == HEADERS["X-Request-ID"]
    version, trace, span, flags = imported["traceparent"].split("-")
    assert (version, trace, flags) == ("00", TRACE, "01") and span != "00f067aa0ba902b7"
