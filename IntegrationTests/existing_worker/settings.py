"""Where the twin's servers are, and how it is to behave, from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    broker_url: str
    redis_url: str
    ledger_url: str
    ledger_token: str
    host: str
    address: str
    slots: int
    #: How long each phase takes.
    seconds: float
    acknowledges_late: bool
    #: By address what goes wrong: `times_out`, `cannot_upload` (both are told as a success), `raises`.
    faults: dict[str, str]

    @classmethod
    def load(cls) -> Settings:
        environment = os.environ
        faults = environment["TWIN_FAULTS"]
        return cls(
            broker_url=environment["TWIN_BROKER_URL"],
            redis_url=environment["TWIN_REDIS_URL"],
            ledger_url=environment["TWIN_LEDGER_URL"],
            ledger_token=environment["TWIN_LEDGER_TOKEN"],
            host=environment["TWIN_HOST"],
            address=environment["TWIN_ADDRESS"],
            slots=int(environment["TWIN_SLOTS"]),
            seconds=float(environment["TWIN_SECONDS"]),
            acknowledges_late=environment["TWIN_ACKS"] == "late",
            faults=dict(entry.split("=") for entry in faults.split(",") if entry),
        )
