"""The nmap reports that scripted workers return, and the ones that are poison."""

from __future__ import annotations

OPEN_PORTS = (80, 443)
#: What the ledger must show for an honest report.
LEDGER_PORTS = frozenset(f"{port}/tcp/open" for port in OPEN_PORTS)

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n'
    '<nmaprun scanner="nmap" args="nmap -n -Pn -p 80,443" start="1795418625" version="7.93" '
    'xmloutputversion="1.05">\n'
)


def _tail(up: int, down: int) -> str:
    return (
        '<runstats><finished time="1795418626" elapsed="1.00" exit="success"/>'
        f'<hosts up="{up}" down="{down}" total="{up + down}"/></runstats>\n</nmaprun>\n'
    )


def _port(number: int, phase: str) -> str:
    detail = ' product="httpd" version="2.4" method="probed" conf="10"' if phase == "services" else ""
    return (
        f'<port protocol="tcp" portid="{number}"><state state="open" reason="syn-ack" reason_ttl="64"/>'
        f'<service name="http"{detail}/></port>'
    )


def _host(address: str, ports: str, attributes: str = "") -> str:
    family = "ipv6" if ":" in address else "ipv4"
    return (
        f'<host starttime="1795418625" endtime="1795418626"{attributes}><status state="up" reason="user-set" '
        f'reason_ttl="0"/><address addr="{address}" addrtype="{family}"/>{ports}</host>\n'
    )


def honest(address: str, phase: str) -> str:
    """A complete report on the address, with two open ports."""
    ports = "".join(_port(number, phase) for number in OPEN_PORTS)
    return _HEAD + _host(address, f"<ports>{ports}</ports>") + _tail(1, 0)


def _entity_bomb(address: str, phase: str) -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    declarations = f'<!DOCTYPE nmaprun [<!ENTITY l0 "x">{levels}]>'
    return honest(address, phase).replace("<!DOCTYPE nmaprun>", declarations).replace('name="http"', 'name="&l11;"')


def _huge(address: str, phase: str) -> str:
    return honest(address, phase).replace("<nmaprun ", f"<!--{'x' * (3 << 20)}-->\n<nmaprun ", 1).replace(
        "</nmaprun>", "")


def _bad_characters(address: str, phase: str) -> str:
    return honest(address, phase).replace('name="http"', 'name="\ud800\x01"')


def _truncated(address: str, phase: str) -> str:
    whole = honest(address, phase)
    return whole[: len(whole) * 2 // 3]


def _deep(address: str, phase: str) -> str:
    return honest(address, phase).replace("</ports>", "</ports>" + "<a>" * 5_000 + "</a>" * 5_000)


def _timed_out(address: str, phase: str) -> str:
    return _HEAD + _host(address, "", ' timedout="true"') + _tail(1, 0)


def _down(address: str, phase: str) -> str:
    return _HEAD + _tail(0, 1)


def _unroutable(address: str, phase: str) -> str:
    return _HEAD + _tail(0, 0)


def _other_address(address: str, phase: str) -> str:
    return honest("198.51.100.77", phase)


def _not_xml(address: str, phase: str) -> str:
    return "Segmentation fault"


#: By kind: the report, and the outcome and reason of a target whose every attempt reports so (first phase).
POISON = {
    "entity_bomb": (_entity_bomb, "failed", "bad_report"),
    "huge": (_huge, "failed", "bad_report"),
    "bad_characters": (_bad_characters, "failed", "bad_report"),
    "truncated": (_truncated, "failed", "bad_report"),
    "deep": (_deep, "failed", "bad_report"),
    "timed_out": (_timed_out, "failed", "timed_out"),
    "down": (_down, "done", "down"),
    "unroutable": (_unroutable, "failed", "unroutable"),
    "other_address": (_other_address, "failed", "bad_report"),
    "not_xml": (_not_xml, "failed", "bad_report"),
}
KINDS = tuple(POISON)


def poison_kind(address: str) -> str | None:
    """Which poison the poisonous worker returns for an address: the last number decides; none for the last kinds."""
    number = int(address.rpartition(".")[2]) % (len(KINDS) + 2)
    return KINDS[number] if number < len(KINDS) else None


def poisonous(address: str, phase: str) -> str:
    kind = poison_kind(address)
    return POISON[kind][0](address, phase) if kind else honest(address, phase)
