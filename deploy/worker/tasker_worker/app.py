"""The Celery application: queues, tasks, and where results go. The coordinator declares the same names."""

from __future__ import annotations

import time
from pathlib import Path

from celery import Celery, Task
from celery.signals import task_postrun, worker_ready
from celery.utils.log import get_task_logger
from kombu.common import Broadcast

from . import nmap, termination
from .intake import Intake
from .pool_upkeep import PoolUpkeep
from .readiness import Readiness
from .refusals import Refusals
from .scan_request import ScanRequest
from .settings import Settings
from .task_request import TaskRequest

logger = get_task_logger(__name__)
settings = Settings.load()

app = Celery("tasker_worker")
app.conf.update(
    broker_url=settings.broker_url,
    broker_use_ssl=settings.broker_ssl,
    broker_heartbeat=10,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # A channel that RabbitMQ closed, as after `consumer_timeout`, is opened again.
    broker_channel_error_retry=True,
    broker_transport_options={"confirm_publish": True},
    accept_content=["json"],
    task_serializer="json",
    # Scans come in by `Intake`. A broadcast waits for a slot like any task, so it must not wait unacknowledged.
    task_queues=[Broadcast("worker_service_broadcast", no_ack=True)],
    task_create_missing_queues=False,
    task_acks_late=False,
    worker_concurrency=settings.concurrency,
    worker_enable_prefetch_count_reduction=False,
    worker_send_task_events=True,
    worker_redirect_stdouts=False,
    result_backend="tasker_worker.results:NamedExchangeBackend",
    result_exchange="tasker_results",
    result_exchange_type="direct",
    result_persistent=True,
    result_serializer="json",
)
app.steps["consumer"].update([PoolUpkeep, Refusals, Intake, Readiness])
Readiness.file = Path(settings.ready_file) if settings.ready_file else None


# The result's representation goes into logs and events: keep findings out of both.
@app.task(name="tasker.nmap.open_ports", bind=True, resultrepr_maxsize=32, Request=ScanRequest)
def open_ports(task: Task, payload: dict) -> dict:
    return _scan(task, payload, "open_ports")


@app.task(name="tasker.nmap.services", bind=True, resultrepr_maxsize=32, Request=ScanRequest)
def services(task: Task, payload: dict) -> dict:
    return _scan(task, payload, "services")


def _scan(task: Task, payload: dict, phase: str) -> dict:
    termination.hold()
    request = TaskRequest.checked(payload, phase)
    started = time.time()
    report = nmap.run(settings.nmap, request)
    return {
        **request.echoed,
        "phase": phase,
        "ip": request.address,
        "exit_code": 0,
        "xml": report,
        "started_at": started,
        "finished_at": time.time(),
        "worker": _host_part(task.request.hostname),
    }


@app.task(name="worker.update_ip", bind=True, ignore_result=True)
def update_ip(task: Task) -> None:
    """Reports this worker's address as an event, as `announce` does at the start."""
    address = settings.own_address()
    logger.info("reporting own address %s", address)
    with app.events.default_dispatcher(hostname=task.request.hostname) as dispatcher:
        dispatcher.send("worker-ip", ip=address)


@task_postrun.connect
def be_ended(**_: object) -> None:
    """The result is sent; who was told to end ends before it takes another task."""
    termination.release()


@worker_ready.connect
def announce(sender, **_: object) -> None:
    sender.event_dispatcher.send("worker-ip", ip=settings.own_address())


def _host_part(node_name: str) -> str:
    return node_name.partition("@")[2]
