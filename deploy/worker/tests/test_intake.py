from types import SimpleNamespace

import pytest
from celery.worker.state import reserved_requests
from kombu import Producer

from tasker_worker.intake import QUEUES, Intake

OPEN_PORTS, SERVICES = QUEUES


class Running:
    """A task that was taken, until it ends."""


@pytest.fixture
def running(worker):
    """The tasks that were taken; they are acknowledged at once, as those that start."""
    tasks = []

    def take(message):
        message.ack()
        tasks.append(Running())
        reserved_requests.add(tasks[-1])

    worker.create_task_handler = lambda: take
    return tasks


@pytest.fixture
def intake(worker, running):
    worker.refusals = SimpleNamespace(are_known=True)
    intake = Intake(worker)
    intake.start(worker)
    yield intake
    intake.shutdown(worker)


def publish(worker, queue, count):
    producer = Producer(worker.connection.channel(), serializer="json")
    for number in range(count):
        producer.publish(number, exchange=queue.exchange, routing_key=queue.routing_key)


def turn(worker):
    """What the event loop does, until nothing happens any more."""
    for _ in range(10):
        for callback in list(worker.hub.on_tick):
            callback()
        worker.drain()


def waiting(worker, queue):
    return queue(worker.connection.default_channel).queue_declare(passive=True).message_count


def test_nothing_is_taken_before_it_is_known_what_to_refuse(worker, intake, running):
    worker.refusals.are_known = False
    publish(worker, OPEN_PORTS, 3)
    turn(worker)
    assert running == [] and waiting(worker, OPEN_PORTS) == 3
    worker.refusals.are_known = True
    turn(worker)
    assert len(running) == 2


def test_what_no_slot_is_free_for_stays_in_the_queue(worker, intake, running):
    publish(worker, OPEN_PORTS, 5)
    turn(worker)
    assert len(running) == 2 and waiting(worker, OPEN_PORTS) == 3
    running.pop()
    turn(worker)
    assert len(running) == 2 and waiting(worker, OPEN_PORTS) == 2


def test_what_is_delivered_beyond_the_last_slot_is_given_back(worker, intake, running):
    """Where a broker counts unacknowledged messages for each consumer alone, both queues deliver one."""
    worker.pool.num_processes = 1
    publish(worker, OPEN_PORTS, 1)
    publish(worker, SERVICES, 1)
    turn(worker)
    assert len(running) == 1
    assert waiting(worker, OPEN_PORTS) + waiting(worker, SERVICES) == 1
    running.clear()
    turn(worker)
    assert len(running) == 1 and waiting(worker, OPEN_PORTS) + waiting(worker, SERVICES) == 0


def test_a_worker_that_ends_takes_nothing_more(worker, intake, running):
    turn(worker)
    intake.stop(worker)
    publish(worker, OPEN_PORTS, 1)
    turn(worker)
    assert running == [] and waiting(worker, OPEN_PORTS) == 1
