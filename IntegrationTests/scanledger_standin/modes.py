"""The four import modes: what becomes of a stored host when a report has it again."""

from __future__ import annotations

import copy

from .report import Host

MODES = ("insert", "append", "update", "replace")


def merge(stored: dict, host: Host, mode: str) -> dict:
    """The stored host after a host of a report has been imported over it."""
    merged = copy.deepcopy(stored)
    incoming = host.document
    merged["hostnames"] += [name for name in incoming["hostnames"] if name not in merged["hostnames"]]
    if mode == "insert":
        return merged

    ports = {(port["number"], port["protocol"]): port for port in merged["ports"]}
    for port in incoming["ports"]:
        known = ports.get((port["number"], port["protocol"]))
        if known is None:
            merged["ports"].append(port)
        elif mode != "append":
            _overlay(known, port)
    if mode == "append":
        return merged

    _overlay(merged, {key: incoming[key] for key in ("status", "os", "starttime", "endtime")})
    if mode == "replace":
        shown = {(port["number"], port["protocol"]) for port in incoming["ports"]}
        for place, port in ports.items():
            if place not in shown and port["number"] in host.scope and port["protocol"] == host.protocol:
                port["state"] = "closed"
    return merged


def _overlay(document: dict, newer: dict) -> None:
    """Takes the newer values; an empty one never erases what is known."""
    document.update({key: value for key, value in newer.items() if value not in (None, "", [], {})})
