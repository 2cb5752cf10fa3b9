"""Ports are taken once."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local_stack import ports
from local_stack.ports import Ports

_LIBRARY = Path(__file__).resolve().parents[2]


def test_a_port_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_RANGE", range(31_990, 32_000))
    first, second = Ports(), Ports()
    taken = [first.take("a"), second.take("b"), first.take("c"), second.take("d")]
    assert len(set(taken)) == 4


def test_another_program_does_not_take_a_port_on_which_nobody_listens_yet() -> None:
    mine = Ports()
    port = mine.take("server")
    ask = f"from local_stack import ports; print(ports._reservation({port}))"
    answer = subprocess.run([sys.executable, "-c", ask], env={"PYTHONPATH": str(_LIBRARY)}, capture_output=True, text=True)
    assert answer.stdout.strip() == "None", answer.stderr


def test_a_port_is_free_again_when_its_owner_is_gone() -> None:
    mine = Ports()
    port = mine.take("server")
    del mine
    reservation = ports._reservation(port)
    assert reservation is not None
    reservation.close()


def test_a_port_is_free_for_its_owner() -> None:
    mine = Ports()
    with socket.socket() as server:
        server.bind(("127.0.0.1", mine.take("server")))


def test_given_ports_are_taken_as_they_are() -> None:
    assert Ports({"redis": 12345}).take("redis") == 12345
