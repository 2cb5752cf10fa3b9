"""Which scans are taken, and when."""

from __future__ import annotations

from celery.bootsteps import StartStopStep
from celery.utils.log import get_logger
from celery.worker.consumer.consumer import Consumer as WorkerConsumer
from celery.worker.state import reserved_requests
from kombu import Consumer, Exchange, Queue
from kombu.common import ignore_errors
from kombu.message import Message

from .refusals import Refusals

logger = get_logger(__name__)

_NMAP_EXCHANGE = Exchange("nmap_exchange", type="topic", durable=True)
QUEUES = [
    Queue("nmap_open_ports_queue", _NMAP_EXCHANGE, routing_key="nmap.open_ports", durable=True),
    Queue("nmap_services_queue", _NMAP_EXCHANGE, routing_key="nmap.services", durable=True),
]


class Intake(StartStopStep):
    """Consumes scans while it is known what to refuse and a slot is free, one message at a time.

    Celery would hold as many tasks again as there are slots, unacknowledged until their turn comes: out of reach for a
    stop and for other workers, and maybe for longer than RabbitMQ's `consumer_timeout`, which ends the channel. So its own
    task consumer takes broadcasts alone.
    """

    requires = (Refusals,)

    def __init__(self, worker: WorkerConsumer, **options: object) -> None:
        self._worker = worker
        self._scans: Consumer | None = None
        self._is_open = False
        super().__init__(worker, **options)

    def start(self, worker: WorkerConsumer) -> None:
        self._take = worker.create_task_handler()
        self._is_open = False
        self._scans = worker.app.amqp.TaskConsumer(
            worker.connection.channel(), QUEUES, on_message=self._received, on_decode_error=worker.on_decode_error)
        # One for both queues, so that none follows the last one there is room for before consuming has ended.
        self._scans.qos(prefetch_count=1, apply_global=worker.qos_global)
        worker.hub.on_tick.add(self._adapt)

    def stop(self, worker: WorkerConsumer) -> None:
        worker.hub.on_tick.discard(self._adapt)
        if self._scans:
            ignore_errors(worker, self._scans.cancel)

    def shutdown(self, worker: WorkerConsumer) -> None:
        """The channel stays open until here, for tasks that were taken and are still to be acknowledged."""
        self.stop(worker)
        if self._scans:
            ignore_errors(worker, self._scans.channel.close)
            self._scans = None

    @property
    def _is_full(self) -> bool:
        """What waits for a slot, such as a broadcast, counts as what has one."""
        return len(reserved_requests) >= self._worker.pool.num_processes

    def _adapt(self) -> None:
        """Begins or ends consuming. The event loop calls it whenever something has happened, such as the end of a task."""
        worker = self._worker
        should_be_open = worker.refusals.are_known and not self._is_full
        if should_be_open == self._is_open:
            return
        self._is_open = should_be_open
        if should_be_open:
            self._scans.consume()
        else:
            self._scans.cancel()
        # What came along with the broker's answer may wait within TLS, where the event loop does not see it.
        worker.connection.transport.on_readable(worker.connection.connection, worker.hub)

    def _received(self, message: Message) -> None:
        worker = self._worker
        if self._is_full:
            worker.call_soon(message.reject_log_error, logger, worker.connection_errors, requeue=True)
        else:
            self._take(message)
