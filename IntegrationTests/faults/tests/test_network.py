"""Links pass on, keep back and cut as they are told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from faults.network import DOWN, NEITHER, UP, Link, Network


@pytest.fixture
def link() -> Iterator[Link]:
    """A link to a server that sends back what it gets."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=echo, args=(connection,), daemon=True).start()

    def echo(connection: socket.socket) -> None:
        with connection:
            try:
                while data := connection.recv(1000):
                    connection.sendall(data)
            except OSError:
                pass

    threading.Thread(target=serve, daemon=True).start()
    with Network() as network:
        yield network.link(server.getsockname()[1])
    server.close()


def connect(link: Link) -> socket.socket:
    return socket.create_connection(("127.0.0.1", link.port), timeout=2)


def answer(client: socket.socket, data: bytes, seconds: float = 2) -> bytes | None:
    """What comes back; None where nothing does."""
    client.settimeout(seconds)
    client.sendall(data)
    try:
        return client.recv(1000)
    except TimeoutError:
        return None


def is_cut(client: socket.socket) -> bool:
    client.settimeout(2)
    try:
        client.sendall(b"x")
        return client.recv(1000) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_a_whole_link_passes_on(link: Link) -> None:
    with connect(link) as client:
        assert answer(client, b"hello") == b"hello"


def test_a_cut_link_ends_its_connections_and_takes_no_new_ones_until_it_is_mended(link: Link) -> None:
    with connect(link) as client:
        assert answer(client, b"1") == b"1"
        link.cut()
        assert is_cut(client)
    with connect(link) as client:
        assert is_cut(client)
    link.mend()
    with connect(link) as client:
        assert answer(client, b"2") == b"2"


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_a_half_open_link_keeps_back_and_passes_on_once_it_is_mended(link: Link, direction: str) -> None:
    with connect(link) as client:
        assert answer(client, b"1") == b"1"
        link.silence(frozenset({direction}))
        assert answer(client, b"2", seconds=0.2) is None
        link.mend()
        client.settimeout(2)
        assert client.recv(1000) == b"2"


def test_a_link_loses_the_reply_to_what_it_was_told(link: Link) -> None:
    with connect(link) as client:
        link.lose_reply(b"b")
        assert answer(client, b"a") == b"a"
        assert not link.is_silent()
        assert answer(client, b"abc", seconds=0.2) is None
        assert link.is_silent()
        link.silence(NEITHER)
        client.settimeout(2)
        assert client.recv(1000) == b"abc"


def test_a_link_is_cut_at_the_byte_it_was_told(link: Link) -> None:
    with connect(link) as client:
        assert answer(client, b"1") == b"1"
        link.cut_after(3, DOWN)
        assert answer(client, b"abcdef") == b"abc"
        assert is_cut(client)


def test_a_rewriting_link_rewrites(link: Link) -> None:
    link.rewrite(UP, lambda data: data.replace(b"a", b"b"))
    with connect(link) as client:
        assert answer(client, b"aaa") == b"bbb"
