"""What the fuzz targets start from: captures and texts with everything their readers know."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable

from local_stack.repository import ROOT

_TESTS = ROOT / "Tests"

_ELEMENTS = (
    b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE nmaprun>\n<!-- c --><?pi x?>\n"
    b"<a b='&#x41;&#66;&amp;\r\n' c=\"&quot;&apos;\"><d/>t&lt;&gt;&#x1F600;<![CDATA[<x>]]>\r\n<e></e ></a>\n"
)
_HOSTS = (
    "192.0.2.1", "192.0.2.0/24", "10.0.0.0/8", "192.0.2.1-192.0.2.9", "192.0.2.1-9", "2001:db8::1", "2001:db8::/32",
    "::ffff:192.0.2.1", "fe80::1%eth0", "2001:db8::1-2001:db8::9", "host.example.com", "*.example.com", "*",
    "xn--bcher-kva.example.", "http://host.example.com/", "0.0.0.0/0", "::/0",
)
_REPLIES = (
    b"+OK\r\n", b"-ERR unknown command\r\n", b":-42\r\n", b"$4\r\na\r\nb\r\n", b"$-1\r\n", b"*-1\r\n",
    b"*4\r\n:1\r\n*2\r\n$1\r\nx\r\n-WRONGTYPE not a list\r\n$-1\r\n*1\r\n*1\r\n+deep\r\n",
    b"*3\r\n$7\r\nmessage\r\n$7\r\nchannel\r\n$2\r\nhi\r\n",
)
_ADDRESS_SETS = (b"\x01\x00\x00", b"\x01\x02\x81\x80\x80\x50\x0f\x05\x00\x01\x07\xff\x01")


def _reports() -> list[bytes]:
    return [_ELEMENTS, *(file.read_bytes() for file in sorted((_TESTS / "NmapTests" / "Fixtures").glob("*.xml")))]


def _bodies() -> list[bytes]:
    captures = [json.loads(file.read_text()) for file in sorted((_TESTS / "CeleryTests" / "Fixtures").glob("*.json"))]
    return [json.dumps(capture["body"]).encode() for capture in captures]


def _streams() -> list[bytes]:
    """Streams behind the byte that says how they are cut."""
    return [b"\x07" + reply for reply in (*_REPLIES, b"".join(_REPLIES))]


def _stored() -> list[bytes]:
    return [*_ADDRESS_SETS, zlib.compress(b"host.example.com\n" * 20), zlib.compress(b"")]


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "xml": _reports,
    "hosts": lambda: [text.encode() for text in _HOSTS],
    "celery": _bodies,
    "resp": _streams,
    "stored": _stored,
}
