"""What Schemathesis has to know beside the document: its formats, and rules between fields that no schema can say."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import strategies as st

NUMBERS = st.integers(0, 255)
PORTS = st.integers(1, 65_535)
#: Those that the stack's name server knows: an exclusion of any other name is refused.
NAMES = st.sampled_from(["demo-a.tasker.test", "demo-b.tasker.test", "Demo-A.Tasker.test."])

ADDRESSES = st.builds("20.{}.{}.{}".format, NUMBERS, NUMBERS, NUMBERS)
HOSTS = st.one_of(
    ADDRESSES,
    st.builds("{}/{}".format, ADDRESSES, st.integers(20, 32)),
    st.builds("{}-20.255.255.255".format, st.builds("20.255.{}.{}".format, NUMBERS, NUMBERS)),
    st.builds("2001:db8::{:x}".format, st.integers(0, 0xFFFF)),
    NAMES,
)

schemathesis.openapi.format("host", HOSTS)
schemathesis.openapi.format(
    "ports",
    st.one_of(PORTS.map(str), st.tuples(PORTS, PORTS).map(sorted).map(lambda bounds: "{}-{}".format(*bounds))),
)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """In what is to be accepted, a lower bound does not exceed its upper one."""
    if isinstance(case.body, dict) and case.meta is not None and case.meta.generation.mode.is_positive:
        for options in (case.body.get("open_ports_opts"), case.body.get("service_opts")):
            for name in ("parallelism", "rate", "rtt_timeout_ms"):
                order(options, f"min_{name}", f"max_{name}")


def order(options: Any, lower: str, upper: str) -> None:
    if isinstance(options, dict) and is_number(options.get(lower)) and is_number(options.get(upper)):
        options[lower] = min(options[lower], options[upper])


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
