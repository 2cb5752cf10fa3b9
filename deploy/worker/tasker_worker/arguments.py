"""What a task may ask of nmap. The broker is not trusted: whatever this does not name is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ipaddress import IPv6Address, ip_address

FLAGS = frozenset({"-6", "-n", "-R", "-Pn", "-sU", "-sV", "-sC", "-A", "-O", "--traceroute"})

_NUMBER = re.compile(r"[0-9]{1,6}")
_DURATION = re.compile(r"[0-9]{1,6}(ms|s)")
_PORT_RANGE = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
#: Linux takes no longer single argument.
_LONGEST_ARGUMENT = 128 * 1024 - 1


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _is_duration(text: str) -> bool:
    return _DURATION.fullmatch(text) is not None


def _is_port_list(text: str) -> bool:
    if len(text) > _LONGEST_ARGUMENT:
        return False
    for part in text.split(","):
        match = _PORT_RANGE.fullmatch(part)
        if match is None:
            return False
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= 65535:
            return False
    return True


OPTIONS: dict[str, Callable[[str], bool]] = {
    "-p": _is_port_list,
    "--max-retries": _is_number,
    "--min-rate": _is_number,
    "--max-rate": _is_number,
    "--min-parallelism": _is_number,
    "--max-parallelism": _is_number,
    "--min-rtt-timeout": _is_duration,
    "--max-rtt-timeout": _is_duration,
    "--initial-rtt-timeout": _is_duration,
}


def checked_arguments(arguments: object) -> list[str]:
    """The arguments, if the list follows the grammar: known flags and options, each once, with a plain value.

    Raises `ValueError` naming the first argument that does not.
    """
    if not isinstance(arguments, list) or not all(isinstance(argument, str) for argument in arguments):
        raise ValueError("nmap arguments must be a list of strings")
    seen: set[str] = set()
    remaining: Iterator[str] = iter(arguments)
    for argument in remaining:
        if argument in seen:
            raise ValueError(f"nmap argument given twice: {argument!r}")
        seen.add(argument)
        if argument in FLAGS:
            continue
        is_valid = OPTIONS.get(argument)
        if is_valid is None:
            raise ValueError(f"nmap argument not allowed: {argument[:100]!r}")
        value = next(remaining, None)
        if value is None or not is_valid(value):
            shown = None if value is None else value[:100]
            raise ValueError(f"nmap argument {argument} has a value that is not allowed: {shown!r}")
    return arguments


def checked_address(text: object) -> str:
    """One literal IPv4 or IPv6 address in canonical form. Raises `ValueError` for names, networks and zones."""
    if not isinstance(text, str):
        raise ValueError("the target must be a string")
    address = ip_address(text)
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        raise ValueError(f"the target must have no zone: {text!r}")
    return str(address)
