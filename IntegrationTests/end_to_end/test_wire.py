"""Every kind of message that the coordinator sends is read by real Celery and kombu."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from celery import Celery
from celery.worker.request import Request
from kombu import Connection, Exchange, Queue
from kombu.message import Message

from local_stack.stack import Stack
from support import Client, eventually, request

EXCHANGES = {
    "nmap_exchange": Exchange("nmap_exchange", "topic", durable=True),
    "celery.pidbox": Exchange("celery.pidbox", "fanout", durable=False, auto_delete=False, no_declare=True),
    "worker_service_broadcast": Exchange("worker_service_broadcast", "fanout", durable=True),
}


@contextmanager
def tapped(stack: Stack) -> Iterator[list[tuple[str, Message, Any]]]:
    """Copies of all messages to the exchanges; read when the block is left."""
    seen: list[tuple[str, Message, Any]] = []
    with Connection(stack.rabbitmq.url) as connection:
        channel = connection.channel()
        queues = []
        for name, exchange in EXCHANGES.items():
            queue = Queue(f"tap.{name}.{time.time_ns()}", exchange, routing_key="#", exclusive=True, auto_delete=True)
            queue = queue.bind(channel)
            queue.declare()
            queues.append((name, queue))
        yield seen
        for name, queue in queues:
            while (message := queue.get(no_ack=True)) is not None:
                seen.append((name, message, message.decode()))


@pytest.fixture(scope="module")
def messages(stack: Stack) -> list[tuple[str, Message, Any]]:
    """What is sent for a scan with both phases, a scan that is stopped, and a worker that comes up."""
    with Client(stack.balancer.url, stack.ledger.bob.token, stack.ledger.bob.project, stack.ledger) as client:
        with tapped(stack) as seen:
            worker = stack.workers[1]
            worker.stop()
            worker.start()
            worker.wait_until_ready()
            started = client.start(request(["127.0.0.18"], ["12222"], include_services=True))
            client.finish(started["scan_id"])
            client.start(request(["127.0.4.1-30"], ["1-40"], open_ports_opts={"max_rate": 10}))
            eventually("something runs", lambda: client.status()["running"])
            client.stop()
    return seen


@pytest.fixture(scope="module")
def app() -> Celery:
    app = Celery("probe", broker="memory://", set_as_current=False)
    for name in ("tasker.nmap.open_ports", "tasker.nmap.services", "worker.update_ip"):

        @app.task(name=name)
        def task(argument: object = None) -> None:
            pass

    return app


def test_tasks_are_requests_to_celery(messages: list, app: Celery) -> None:
    seen = set()
    for exchange, message, payload in messages:
        if exchange == "celery.pidbox":
            continue
        task = app.tasks[message.headers["task"]]
        received = Request(message, app=app, hostname="probe@here", task=task, headers=message.headers, body=payload, decoded=True)
        assert received.id == message.properties["correlation_id"]
        arguments, keywords, embed = payload
        assert keywords == {} and set(embed) == {"callbacks", "errbacks", "chain", "chord"}
        assert message.headers["argsrepr"] == "", "no target stands in a header"
        if exchange == "nmap_exchange":
            (argument,) = arguments
            assert received.reply_to.startswith("tasker_results.")
            assert set(argument) == {"ip", "arguments", "timeout", "phase", "scan", "project", "target", "attempt"}
            assert message.properties["delivery_mode"] == 2
            assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", message.headers["traceparent"])
        seen.add(received.name)
    assert seen == {"tasker.nmap.open_ports", "tasker.nmap.services", "worker.update_ip"}


def test_control_messages_are_commands_to_kombu(messages: list, app: Celery) -> None:
    called: dict[str, dict] = {}

    def handler(name: str):
        def handle(state: Any, **arguments: Any) -> None:
            called[name] = arguments

        return handle

    names = ("enable_events", "registered", "stats", "active", "reserved", "revoke")
    node = app.control.mailbox.Node("tasker@probe", handlers={name: handler(name) for name in names}, state=object())
    for exchange, message, payload in messages:
        if exchange == "celery.pidbox" and payload["method"] in names:
            node.handle_message({**payload, "destination": None, "reply_to": None}, message)
    assert set(called) == set(names), called
    assert called["revoke"]["terminate"] is True
    assert len(called["revoke"]["task_id"]) > 0
    json.dumps(called)
