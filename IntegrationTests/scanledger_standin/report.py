"""Reads nmap's XML as ScanLedger's importer does: the same attributes are needed, anything broken raises."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

NEEDED_ATTRIBUTES = ("scanner", "args", "start", "startstr", "version", "xmloutputversion")
ALL_PORTS = frozenset(range(1, 65536))


@dataclass
class Host:
    """One host of a report, as the document that is stored, and what the scan had looked at."""

    document: dict
    scope: frozenset[int] = field(default=frozenset())
    protocol: str = "tcp"

    @property
    def ip(self) -> str:
        return self.document["ip"]


def hosts_of(xml: bytes) -> list[Host]:
    """The hosts of a report. Raises on broken or hostile XML, and on XML that lacks what the importer needs."""
    root = fromstring(xml)
    if root.tag != "nmaprun":
        raise ValueError(f"not an nmap report: {root.tag}")
    arguments = {name: root.attrib[name] for name in NEEDED_ATTRIBUTES}["args"]
    int(root.attrib["start"])
    int(_child(root, "verbose").attrib["level"])
    int(_child(root, "debugging").attrib["level"])
    scan_info = _child(root, "scaninfo")
    int(scan_info.attrib["numservices"])
    scope = _scope(arguments, scan_info.attrib["services"])
    protocol = "udp" if "-sU" in arguments else "tcp"
    return [Host(_document(element), scope, protocol) for element in root.findall("host")]


def _scope(arguments: str, scanned: str) -> frozenset[int]:
    """The ports that the scan covered: the first `-p` of its arguments, else what nmap says it scanned."""
    match = re.search(r"-p\s*(\S+)", arguments)
    ports = match.group(1) if match else scanned
    if ports == "-":
        return ALL_PORTS
    covered: set[int] = set()
    for part in filter(None, ports.split(",")):
        first, _, last = part.partition("-")
        covered.update(range(int(first), int(last or first) + 1))
    return frozenset(covered)


def _document(host: Element) -> dict:
    os_match = host.find("os/osmatch")
    names = [name.attrib["name"] for name in host.findall("hostnames/hostname")]
    return {
        "ip": str(ip_address(_child(host, "address").attrib["addr"])),
        "status": _child(host, "status").attrib["state"],
        "os": "" if os_match is None else os_match.attrib["name"],
        "starttime": int(host.attrib["starttime"]),
        "endtime": int(host.attrib["endtime"]),
        "hostnames": list(dict.fromkeys(names)),
        "ports": [_port(port) for port in _child(host, "ports").findall("port")],
    }


def _port(port: Element) -> dict:
    state = _child(port, "state")
    service = port.find("service")
    attributes = {} if service is None else service.attrib
    return {
        "number": int(port.attrib["portid"]),
        "protocol": port.attrib["protocol"],
        "state": state.attrib["state"],
        "reason": state.attrib["reason"],
        "service": attributes.get("name", ""),
        "product": attributes.get("product", ""),
        "version": attributes.get("version"),
        "extrainfo": attributes.get("extrainfo"),
        "cpe": [] if service is None else [cpe.text for cpe in service.findall("cpe")],
        "servicefp": attributes.get("servicefp"),
        "scripts": {script.attrib["id"]: script.attrib["output"] for script in port.findall("script")},
    }


def _child(element: Element, name: str) -> Element:
    child = element.find(name)
    if child is None:
        raise ValueError(f"<{element.tag}> has no <{name}>")
    return child
