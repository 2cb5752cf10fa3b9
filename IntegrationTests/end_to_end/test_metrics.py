"""`/metrics` of coordinators and replicas, read by Prometheus' own parser."""

from __future__ import annotations

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from local_stack.tasker_servers import APIServer, CoordinatorServer
from support import Client, Installation, eventually, request


class Scrape:
    """The series of some processes, added up."""

    def __init__(self, servers: list[APIServer] | list[CoordinatorServer]) -> None:
        self._samples = []
        for server in servers:
            answer = httpx.get(f"{server.url}/metrics")
            assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain; version=0.0.4")
            for family in text_string_to_metric_families(answer.text):
                assert family.name.startswith("tasker_") and family.documentation and family.type != "unknown", family
                self._samples += family.samples

    def __call__(self, name: str, **labels: str) -> float:
        """The sum of all series with these labels, of which there has to be one."""
        assert self._values(name, labels), f"no {name}{labels}"
        return self.some(name, **labels)

    def some(self, name: str, **labels: str) -> float:
        """The sum of all series with these labels, if there are any yet."""
        return sum(self._values(name, labels))

    def _values(self, name: str, labels: dict[str, str]) -> list[float]:
        return [one.value for one in self._samples if one.name == name and labels.items() <= one.labels.items()]


def coordinators(installation: Installation) -> Scrape:
    return Scrape(installation.stack.coordinators)


def replicas(installation: Installation) -> Scrape:
    return Scrape(installation.stack.apis)


def test_exactly_one_coordinator_leads(installation: Installation) -> None:
    def shown() -> dict[str, float]:
        return {server.name: Scrape([server])("tasker_leader_epoch") for server in installation.stack.coordinators}

    def held() -> dict[str, float]:
        leader, epoch = installation.leader(), float(installation.redis("HGET", "tasker:lock", "epoch"))
        return {server.name: epoch if server is leader else 0 for server in installation.stack.coordinators}

    # On a busy machine the lease may just have changed hands.
    eventually("the epoch is the leader's, and 0 at others", lambda: shown() == held())
    scrape = coordinators(installation)
    assert scrape("tasker_leader") == 1
    assert scrape("tasker_dependency_up", dependency="redis") == len(installation.stack.coordinators)


def test_metrics_move_with_a_scan(installation: Installation, alice: Client) -> None:
    before, asked = coordinators(installation), replicas(installation)
    scan = alice.start(request(["127.30.0.0/28"], [str(installation.stack.ledger.port)], mode="update"))
    finished = alice.finish(scan["scan_id"])
    after, answered = coordinators(installation), replicas(installation)

    def moved(name: str, **labels: str) -> float:
        return after(name, **labels) - before(name, **labels)

    targets = finished["planned"]
    assert targets == finished["done"] > 0
    assert moved("tasker_tasks_dispatched_total") == moved("tasker_tasks_confirmed_total") == targets
    assert moved("tasker_targets_finished_total", outcome="done") == moved("tasker_targets_finished_total") == targets
    assert moved("tasker_results_total", meaning="finding") == targets == moved("tasker_hosts_imported_total")
    assert moved("tasker_result_handling_duration_seconds_count") == targets
    assert 1 <= moved("tasker_imports_total", result="taken") <= targets
    assert moved("tasker_import_duration_seconds_count") == moved("tasker_imports_total")
    assert moved("tasker_dispatch_confirm_duration_seconds_count") >= 1
    assert moved("tasker_retries_total") == moved("tasker_attempts_failed_total") == 0
    assert after("tasker_workers") == len(installation.stack.workers) and after("tasker_worker_slots") > 0
    eventually("nothing is left to do", lambda: coordinators(installation)("tasker_targets") == 0, seconds=5)

    run = {"route": "/tasks/{project_id}/run-nmap", "method": "POST", "status": "2xx"}
    assert answered.some("tasker_http_requests_total", **run) - asked.some("tasker_http_requests_total", **run) == 1
    assert answered("tasker_submissions_total", result="accepted") - asked(
        "tasker_submissions_total", result="accepted") == 1


def test_what_is_refused_is_counted(installation: Installation, alice: Client) -> None:
    before = replicas(installation)
    assert alice.run({"hosts": []}).status_code == 422
    assert httpx.get(f"{alice.url}/workers/ips").status_code == 401
    assert alice.http.get("/no/such/path").status_code == 404
    after = replicas(installation)
    for name, labels in (
        ("tasker_submissions_total", {"result": "refused"}), ("tasker_auth_failures_total", {"reason": "missing_token"}),
    ):
        assert after(name, **labels) - before(name, **labels) == 1, name
    assert after("tasker_http_requests_total", route="NotFound", status="4xx") >= 1


def test_a_leader_that_is_replaced_has_nothing_to_do(installation: Installation) -> None:
    before = coordinators(installation)("tasker_leader_terms_total")
    leader = installation.leader()
    installation.kill(leader)
    rest = [server for server in installation.stack.coordinators if server is not leader]
    eventually("another one leads", lambda: Scrape(rest)("tasker_leader") == 1, seconds=20)
    installation.mend()
    assert Scrape([leader])("tasker_leader") == Scrape([leader])("tasker_workers") == 0
    assert before >= 1


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "//metrics", "/%6detrics", "/metrics?x=1"])
def test_the_balancer_keeps_metrics_to_itself(installation: Installation, path: str) -> None:
    answer = httpx.get(f"{installation.stack.balancer.url}{path}")
    assert answer.status_code == 404 and "tasker_" not in answer.text
