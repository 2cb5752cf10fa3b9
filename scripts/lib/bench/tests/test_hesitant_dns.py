"""The answers of the name server that is deaf for some names; the form is RFC 1035's."""

import struct

from bench.servers.hesitant_dns import answer


def query(name: str, kind: int = 1) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!6H", 0x1234, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", kind, 1)


def test_a_live_name_has_the_address_of_its_number():
    reply = answer(query("live258.test"))
    assert reply[:2] == b"\x12\x34"
    assert struct.unpack_from("!H", reply, 2)[0] & 0x800F == 0x8000
    assert struct.unpack_from("!H", reply, 6) == (1,)
    assert reply[-4:] == bytes([10, 0, 1, 2])


def test_case_of_the_name_does_not_matter():
    assert answer(query("LiVe7.TEST"))[-4:] == bytes([10, 0, 0, 7])


def test_other_types_have_no_record():
    assert struct.unpack_from("!H", answer(query("live1.test", kind=28)), 6) == (0,)


def test_a_dead_name_is_not_answered():
    assert answer(query("dead1.test")) is None


def test_additional_records_of_the_query_are_not_repeated():
    plain = query("live1.test")
    extended = plain[:11] + b"\x01" + plain[12:] + b"\0" + struct.pack("!HHIH", 41, 1232, 0, 0)
    assert answer(extended) == answer(plain)
