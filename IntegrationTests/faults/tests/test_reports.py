"""The reports that workers return."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from faults.worker.reports import KINDS, honest, poison_kind, poisonous

LEGAL = ("timed_out", "down", "unroutable", "other_address", "deep")


@pytest.mark.parametrize("address", ["10.0.0.1", "2001:db8::1"])
@pytest.mark.parametrize("phase", ["open_ports", "services"])
def test_an_honest_report_is_about_its_address(address: str, phase: str) -> None:
    root = ElementTree.fromstring(honest(address, phase).encode())
    assert [element.get("addr") for element in root.iter("address")] == [address]
    assert {port.get("portid") for port in root.iter("port")} == {"80", "443"}


def test_every_kind_of_poison_has_addresses_and_some_have_none() -> None:
    kinds = [poison_kind(f"10.0.0.{number}") for number in range(len(KINDS) + 2)]
    assert set(KINDS) | {None} == set(kinds)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "entity_bomb"])
def test_poison_is_xml_only_where_its_kind_says_so(kind: str) -> None:
    report = poisonous(f"10.0.0.{KINDS.index(kind)}", "open_ports")
    try:
        ElementTree.fromstring(report.encode())
        is_xml = True
    except (ElementTree.ParseError, UnicodeEncodeError):
        is_xml = False
    assert is_xml == (kind in LEGAL)


def test_an_entity_bomb_declares_what_it_would_expand_to() -> None:
    report = poisonous(f"10.0.0.{KINDS.index('entity_bomb')}", "open_ports")
    assert report.count("<!ENTITY") == 12 and len(report) < 10_000
