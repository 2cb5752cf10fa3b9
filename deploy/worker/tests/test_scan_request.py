from types import SimpleNamespace

import pytest
from billiard.einfo import ExceptionInfo
from billiard.exceptions import Terminated
from celery import Celery
from celery.worker import state

from tasker_worker.scan_request import ScanRequest


@pytest.fixture
def results():
    """What was told to the result backend."""
    return []


@pytest.fixture
def scan(results):
    """A task that was taken."""
    app = Celery("requests", broker="memory://", set_as_current=False)

    @app.task(name="scan")
    def task():
        pass

    task.backend = SimpleNamespace(mark_as_revoked=lambda _, reason, **__: results.append(reason))
    sent = app.amqp.as_task_v2("id", "scan")
    message = SimpleNamespace(
        headers=sent.headers, properties=sent.properties, body=sent.body, delivery_info={},
        content_type="application/json", content_encoding="utf-8")
    scan = ScanRequest(message, app=app, task=task, decoded=True, body=sent.body)
    state.task_reserved(scan)
    yield scan
    state.reset_state()


@pytest.fixture
def signals():
    """What was sent to processes of the pool."""
    return []


@pytest.fixture
def pool(signals):
    return SimpleNamespace(terminate_job=lambda *details: signals.append(details))


def test_a_scan_that_is_told_to_end_runs_until_its_process_is_gone(scan, pool, signals, results):
    scan.on_accepted(7, 0.0)
    for _ in range(3):
        scan.terminate(pool, signal="TERM")
    assert signals == [(7, 15)]
    assert scan in state.active_requests and scan in state.reserved_requests and results == []
    try:
        raise Terminated(-15)
    except Terminated:
        scan.on_failure(ExceptionInfo())
    assert scan not in state.active_requests and scan not in state.reserved_requests
    assert results == ["terminated"]


def test_a_scan_that_is_told_to_end_before_it_begins_ends_as_it_begins(scan, pool, signals):
    scan.terminate(pool, signal="TERM")
    scan.terminate(pool, signal="TERM")
    assert signals == []
    scan.on_accepted(7, 0.0)
    assert signals == [(7, 15)]


def test_a_scan_that_is_refused_is_over_at_once(scan, results):
    state.revoked.add("id")
    assert scan.revoked() and results == ["revoked"]
