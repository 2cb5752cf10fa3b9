"""The journal and the fault switches, around the application: what tests see and do, ScanLedger itself has not."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import asdict, dataclass
from typing import TextIO

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTROL_PREFIX = "/_standin/"


@dataclass
class Fault:
    """One rule; see the README for its fields. `times` counts down."""

    match: str
    method: str | None = None
    delay: float = 0
    status: int | None = None
    drop_reply: bool = False
    times: int | None = None

    def __post_init__(self) -> None:
        self._pattern = re.compile(self.match)

    def applies(self, method: str, path: str) -> bool:
        return self.times != 0 and self.method in (None, method) and self._pattern.search(path) is not None


class Faults:
    """The rules in force."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def take(self, method: str, path: str) -> Fault | None:
        """The first rule that applies to a request; uses it up once."""
        for rule in self.rules:
            if rule.applies(method, path):
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return None


class Journal:
    """Every request in order, in memory and as lines of JSON in a file."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._entries: list[dict] = []

    def append(self, entry: dict) -> None:
        entry = {"seq": len(self._entries), **entry}
        self._entries.append(entry)
        self._file.write(json.dumps(entry) + "\n")
        self._file.flush()

    def since(self, first: int) -> dict:
        return {"entries": self._entries[first:], "next": len(self._entries)}


class Observer:
    """ASGI middleware: applies the faults and journals each request once it has ended.

    The application leaves `user` and `import` for the journal in `scope["state"]`.
    """

    def __init__(self, app: ASGIApp, journal: Journal, faults: Faults) -> None:
        self._app = app
        self._journal = journal
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PREFIX):
            await self._app(scope, receive, send)
            return
        started, clock = time.time(), time.monotonic()
        notes = scope.setdefault("state", {})
        headers = Headers(scope=scope)
        fault = self._faults.take(scope["method"], scope["path"])
        status = None

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            if fault is None or not fault.drop_reply:
                await send(message)

        try:
            await self._answer(fault, scope, receive, watch)
        finally:
            self._journal.append({
                "time": started,
                "seconds": round(time.monotonic() - clock, 6),
                "method": scope["method"],
                "path": scope["path"],
                "query": scope["query_string"].decode("latin-1"),
                "user": notes.get("user"),
                "request_id": headers.get("x-request-id"),
                "traceparent": headers.get("traceparent"),
                "status": status,
                "fault": asdict(fault) if fault else None,
                **({"import": notes["import"]} if "import" in notes else {}),
            })
        if fault and fault.drop_reply:
            scope["drop_connection"]()
            while (await receive())["type"] != "http.disconnect":
                pass

    async def _answer(self, fault: Fault | None, scope: Scope, receive: Receive, send: Send) -> None:
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault and fault.status is not None:
            await JSONResponse({"detail": "injected fault"}, fault.status)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
