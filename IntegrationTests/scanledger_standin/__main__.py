"""`python -m scanledger_standin`: serves the stand-in on a loopback port."""

from __future__ import annotations

import argparse

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .accounts import Accounts
from .app import application
from .ledger import Ledger
from .observation import Faults, Journal, Observer

MEBIBYTE = 1 << 20


class DroppableProtocol(H11Protocol):
    """Lets the application close its connection without an answer: `scope["drop_connection"]()`."""

    def __init__(self, *arguments, **keywords) -> None:
        super().__init__(*arguments, **keywords)
        inner = self.app

        async def with_drop(scope: Scope, receive: Receive, send: Send) -> None:
            await inner({**scope, "drop_connection": self.transport.abort}, receive, send)

        self.app = with_drop


def main() -> None:
    parser = argparse.ArgumentParser(prog="scanledger_standin", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--db", required=True, help="SQLite file")
    parser.add_argument("--journal", required=True, help="file for the journal, one JSON object per line")
    parser.add_argument("--tokens", default="defaults", help="JSON file of users and projects, or 'defaults'")
    parser.add_argument("--max-upload", type=int, default=50 * MEBIBYTE, help="bytes; a larger report is a 413")
    parser.add_argument("--tls-bundle", help="certificate and key in one PEM file; without it, plain HTTP")
    options = parser.parse_args()

    faults = Faults()
    ledger = Ledger(options.db)
    with open(options.journal, "a", encoding="utf-8") as file:
        journal = Journal(file)
        app = application(Accounts.load(options.tokens), ledger, journal, faults, options.max_upload)
        uvicorn.run(
            Observer(app, journal, faults),
            host=options.host,
            port=options.port,
            http=DroppableProtocol,
            ssl_certfile=options.tls_bundle,
            ssl_keyfile=options.tls_bundle,
            ws="none",
            lifespan="off",
            access_log=False,
            timeout_graceful_shutdown=2,
        )
    ledger.close()


main()
