"""What a worker's broker user may not do; that it may do its work, all other tests show."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import amqp
import pytest

from local_stack.rabbitmq_server import VHOST
from local_stack.stack import Stack
from support import Client, request


@pytest.fixture
def connection(stack: Stack) -> Iterator[amqp.Connection]:
    """A connection as the workers make it."""
    user = stack.rabbitmq.worker
    with amqp.Connection(
        f"127.0.0.1:{stack.rabbitmq.port}", user.name, user.password, virtual_host=VHOST, confirm_publish=True
    ) as connection:
        yield connection


def publish_to(exchange: str, routing_key: str) -> Callable[[amqp.Channel], object]:
    return lambda channel: channel.basic_publish(amqp.Message("{}"), exchange, routing_key)


@pytest.mark.parametrize("attempt", [
    pytest.param(publish_to("nmap_exchange", "nmap.open_ports"), id="publishing a scan"),
    pytest.param(publish_to("", "nmap_open_ports_queue"), id="publishing a scan by the default exchange"),
    pytest.param(lambda channel: channel.queue_delete("nmap_scan_queue"), id="deleting a queue of others"),
    pytest.param(lambda channel: channel.queue_declare("anything"), id="declaring a queue of its own"),
])
def test_refused(connection: amqp.Connection, attempt: Callable[[amqp.Channel], object]) -> None:
    with pytest.raises(amqp.exceptions.AccessRefused):
        attempt(connection.channel())


def test_results_of_projects_are_closed(connection: amqp.Connection, alice: Client) -> None:
    started = alice.start(request(["127.0.0.97"], ["1"]))
    alice.finish(started["scan_id"])
    queue = f"tasker_results.{alice.project}"
    for attempt in (lambda channel: channel.basic_get(queue), lambda channel: channel.queue_purge(queue)):
        with pytest.raises(amqp.exceptions.AccessRefused):
            attempt(connection.channel())
