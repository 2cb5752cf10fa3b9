"""The routes: ScanLedger's, as far as Tasker calls them, and those for tests under `/_standin/`."""

from __future__ import annotations

from dataclasses import asdict
from ipaddress import ip_address
from uuid import UUID

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .accounts import Accounts, User
from .ledger import Ledger
from .modes import MODES
from .observation import Fault, Faults, Journal
from .report import Host, hosts_of

UNAUTHORIZED = {"WWW-Authenticate": "Bearer"}


class InvalidInput(Exception):
    """A 422 that names the place of one bad value."""

    def __init__(self, kind: str, place: list[str | int], message: str, value: object) -> None:
        self.detail = [{"type": kind, "loc": place, "msg": message, "input": value}]


class LedgerAPI:
    """ScanLedger's routes."""

    def __init__(self, accounts: Accounts, ledger: Ledger, max_upload: int) -> None:
        self._accounts = accounts
        self._ledger = ledger
        self._max_upload = max_upload

    def routes(self) -> list[Route]:
        return [
            Route("/health", self.health),
            Route("/projects", self.projects),
            Route("/projects/{project}", self.project),
            Route("/projects/{project}/ips", self.hosts),
            Route("/projects/{project}/ips", self.add_hosts, methods=["POST"]),
            Route("/projects/{project}/ips/import", self.import_report, methods=["POST"]),
            Route("/projects/{project}/ips/{ip}", self.host),
        ]

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "success"})

    async def projects(self, request: Request) -> Response:
        return JSONResponse(self._accounts.projects_of(self._caller(request)))

    async def project(self, request: Request) -> Response:
        return JSONResponse(self._accounts.project(self._authorized_project(request)))

    async def hosts(self, request: Request) -> Response:
        project = self._authorized_project(request)
        skip, limit = _count(request, "skip"), _count(request, "limit")
        has_ports = _flag(request, "has_ports", default=True)
        return JSONResponse(await run_in_threadpool(self._ledger.page, project, has_ports, skip or 0, limit))

    async def host(self, request: Request) -> Response:
        project = self._authorized_project(request)
        document = await run_in_threadpool(self._ledger.host, project, request.path_params["ip"])
        if document is None:
            raise HTTPException(404, "IP not found")
        return JSONResponse(document)

    async def add_hosts(self, request: Request) -> Response:
        project = self._authorized_project(request)
        mode = _mode(request)
        return await self._add(request, project, _posted_hosts(await _json(request)), mode)

    async def import_report(self, request: Request) -> Response:
        project = self._authorized_project(request)
        mode = _mode(request)
        async with request.form() as form:
            upload = form.get("file")
            if not isinstance(upload, UploadFile):
                raise InvalidInput("missing", ["body", "file"], "Field required", None)
            if upload.size is None or upload.size > self._max_upload:
                raise HTTPException(413, "File is too large")
            report = await upload.read()
        try:
            hosts = await run_in_threadpool(hosts_of, report)
        except Exception as error:
            raise HTTPException(500, "Internal Server Error") from error
        return await self._add(request, project, hosts, mode)

    async def _add(self, request: Request, project: UUID, hosts: list[Host], mode: str) -> Response:
        if not hosts:
            raise HTTPException(400, "Cannot add IPs")
        accepted = await run_in_threadpool(self._ledger.add, project, hosts, mode)
        request.scope["state"]["import"] = {
            "mode": mode,
            "track_history": _flag(request, "track_history", default=True),
            "accepted": accepted,
            "hosts": [
                {
                    "ip": host.ip,
                    "ports": ["{number}/{protocol}/{state}".format(**port) for port in host.document["ports"]],
                    "hostnames": host.document["hostnames"],
                }
                for host in hosts
            ],
        }
        return JSONResponse(accepted)

    def _caller(self, request: Request) -> User:
        user = self._accounts.user(request.headers.get("authorization"))
        if user is None:
            raise HTTPException(401, "Invalid authentication credentials", UNAUTHORIZED)
        request.scope["state"]["user"] = user.name
        return user

    def _authorized_project(self, request: Request) -> UUID:
        """The project of the path. Only an admin learns that a project does not exist."""
        user = self._caller(request)
        text = request.path_params["project"]
        try:
            project = UUID(text)
        except ValueError:
            raise InvalidInput("uuid_parsing", ["path", "project_id"], "Input should be a valid UUID", text) from None
        known = self._accounts.project(project) is not None
        if not known and user.is_admin:
            raise HTTPException(404, "Project not found")
        if not known or not user.may_see(project):
            raise HTTPException(401, "Invalid authentication credentials", UNAUTHORIZED)
        return project


class ControlAPI:
    """The journal and the faults, for tests."""

    def __init__(self, journal: Journal, faults: Faults) -> None:
        self._journal = journal
        self._faults = faults

    def routes(self) -> list[Route]:
        return [
            Route("/_standin/journal", self.journal),
            Route("/_standin/faults", self.faults, methods=["GET", "POST", "DELETE"]),
        ]

    async def journal(self, request: Request) -> Response:
        return JSONResponse(self._journal.since(_count(request, "since") or 0))

    async def faults(self, request: Request) -> Response:
        if request.method == "POST":
            self._faults.rules.append(Fault(**await _json(request)))
        elif request.method == "DELETE":
            self._faults.rules.clear()
        return JSONResponse([asdict(rule) for rule in self._faults.rules])


def application(accounts: Accounts, ledger: Ledger, journal: Journal, faults: Faults, max_upload: int) -> Starlette:
    return Starlette(
        routes=LedgerAPI(accounts, ledger, max_upload).routes() + ControlAPI(journal, faults).routes(),
        exception_handlers={HTTPException: _http_error, InvalidInput: _invalid_input},
    )


async def _http_error(request: Request, error: HTTPException) -> Response:
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


async def _invalid_input(request: Request, error: InvalidInput) -> Response:
    return JSONResponse({"detail": error.detail}, 422)


async def _json(request: Request) -> object:
    try:
        return await request.json()
    except ValueError:
        raise InvalidInput("json_invalid", ["body"], "JSON decode error", None) from None


def _mode(request: Request) -> str:
    mode = request.query_params.get("mode", "insert")
    if mode not in MODES:
        raise InvalidInput("enum", ["query", "mode"], f"Input should be one of {', '.join(MODES)}", mode)
    return mode


def _count(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if text in (None, ""):
        return None
    if not (text.isascii() and text.isdigit()):
        raise InvalidInput("int_parsing", ["query", name], "Input should be a valid integer, 0 or more", text)
    return int(text)


def _flag(request: Request, name: str, default: bool) -> bool:
    text = request.query_params.get(name)
    if text is None:
        return default
    if text.lower() not in ("true", "false", "1", "0"):
        raise InvalidInput("bool_parsing", ["query", name], "Input should be a valid boolean", text)
    return text.lower() in ("true", "1")


def _posted_hosts(body: object) -> list[Host]:
    """Hosts as `POST …/ips` takes them: an address, its names, no ports."""
    if not isinstance(body, list):
        raise InvalidInput("list_type", ["body"], "Input should be a valid list", body)
    return [_posted_host(index, entry) for index, entry in enumerate(body)]


def _posted_host(index: int, entry: object) -> Host:
    try:
        names = [str(name) for name in entry.get("hostnames") or []]
        document = {"ip": str(ip_address(entry["ip"])), "hostnames": names}
    except (AttributeError, KeyError, TypeError, ValueError):
        raise InvalidInput("value_error", ["body", index, "ip"], "not a host with an IP address", entry) from None
    return Host({"status": "", "os": "", "starttime": None, "endtime": None, "ports": [], **document})
