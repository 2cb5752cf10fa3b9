"""The Celery application, which all three processes of a host run; each takes from one of the queues."""

from __future__ import annotations

import os
import signal
import time

from celery import Celery, Task
from celery.signals import task_postrun, worker_ready
from kombu import Exchange, Queue
from kombu.common import Broadcast
from redis import Redis

from .keys import WorkerKeys
from .scan import scan
from .settings import Settings

settings = Settings.load()
redis = Redis.from_url(settings.redis_url)

app = Celery("existing_worker", broker=settings.broker_url)
app.conf.update(
    task_queues=[
        Queue("nmap_scan_queue", Exchange("nmap_exchange", type="topic"), routing_key="nmap.scan"),
        Broadcast("nmap_cancel_queue"),
        Broadcast("worker_service_broadcast"),
    ],
    task_acks_late=settings.acknowledges_late,
    task_reject_on_worker_lost=settings.acknowledges_late,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    timezone="UTC",
)


@app.task(name="project.nmap.scan", bind=True)
def scan_task(task: Task, payload: dict) -> None:
    scan(settings, WorkerKeys(redis, settings.host, task.request.id, payload), payload)


@app.task(name="project.nmap.cancel")
def cancel_task(payload: dict) -> None:
    for task in payload["task_ids"]:
        if pid := redis.hget(f"running_tool:nmap:{settings.host}", task):
            try:
                os.kill(int(pid), signal.SIGTERM)
            except ProcessLookupError:
                pass


@app.task(name="worker.update_ip")
def update_ip() -> None:
    _note_address()


@task_postrun.connect
def clean_up(task_id: str, task: Task, args: list, **_: object) -> None:
    if task.name == scan_task.name:
        WorkerKeys(redis, settings.host, task_id, args[0]).end()


@worker_ready.connect
def register(**_: object) -> None:
    _note_address()


def _note_address() -> None:
    redis.hset(f"worker:{settings.host}", mapping={"ip": settings.address, "last_updated": int(time.time())})
