"""What a stop took away is refused, also by a worker that forgot it in a restart: coordinators know."""

from __future__ import annotations

import random
import time

from celery.bootsteps import StartStopStep
from celery.utils.log import get_logger
from celery.worker import state
from celery.worker.consumer.consumer import Consumer as WorkerConsumer
from celery.worker.consumer.control import Control
from kombu import Consumer, Producer, Queue
from kombu.asynchronous.timer import Entry
from kombu.common import ignore_errors
from kombu.message import Message
from kombu.utils.uuid import uuid

logger = get_logger(__name__)

#: The destination of the question. Workers, which would answer what they happen to know, do not have this name.
COORDINATOR = "tasker.coordinator"
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 5.0
REPORT_SECONDS = 60.0
#: As long as coordinators remember what stops took away; Celery would forget it after three hours.
state.revoked.expires = 86_400.0


class Refusals(StartStopStep):
    """Asks coordinators, over every new connection and until one answers, which tasks are to be refused.

    It starts after `Control`: what is revoked from then on is heard, so that an answer, whenever it was given, leaves
    nothing out. Nothing here waits; meanwhile the worker's event loop sends heartbeats and hears commands and signals.
    """

    requires = (Control,)

    def __init__(self, worker: WorkerConsumer, **options: object) -> None:
        worker.refusals = self
        #: Whether a coordinator has answered over the present connection.
        self.are_known = False
        self._worker = worker
        self._ticket = ""
        self._asked = 0
        self._next_report = 0.0
        self._replies: Consumer | None = None
        self._next_question: Entry | None = None
        super().__init__(worker, **options)

    def start(self, worker: WorkerConsumer) -> None:
        self._ticket = uuid()
        self._asked = 0
        self._next_report = time.monotonic() + REPORT_SECONDS
        exchange = worker.app.control.mailbox.reply_exchange
        queue = Queue(
            f"{self._ticket}.{exchange.name}", exchange, routing_key=self._ticket,
            durable=False, exclusive=True, auto_delete=True)
        self._replies = Consumer(
            worker.connection.channel(), [queue], no_ack=True, accept=["json"], callbacks=[self._answered])
        self._replies.consume()
        logger.info("asking coordinators which tasks to refuse")
        self._ask()

    def stop(self, worker: WorkerConsumer) -> None:
        self.are_known = False
        if self._next_question:
            self._next_question.cancel()
        if self._replies:
            ignore_errors(worker, self._replies.cancel)
            ignore_errors(worker, self._replies.channel.close)
            self._replies = None

    shutdown = stop

    def _ask(self) -> None:
        if time.monotonic() >= self._next_report:
            self._next_report += REPORT_SECONDS
            logger.warning("no coordinator has said which tasks to refuse; until one does, none is taken")
        worker = self._worker
        mailbox = worker.app.control.mailbox
        # Not over the connection that tasks come in on: RabbitMQ blocks publishing connections in an alarm.
        Producer(worker.event_dispatcher.connection, serializer="json").publish(
            {
                "method": "hello",
                "arguments": {"from_node": worker.hostname},
                "destination": [COORDINATOR],
                "ticket": self._ticket,
                "reply_to": {"exchange": mailbox.reply_exchange.name, "routing_key": self._ticket},
            },
            exchange=mailbox.exchange,
            headers={"clock": worker.app.clock.forward()},
        )
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._asked, 10)) * random.uniform(0.5, 1)
        self._asked += 1
        self._next_question = worker.timer.call_after(pause, self._ask)

    def _answered(self, body: object, message: Message) -> None:
        tasks = refused_tasks(body)
        if tasks is None or message.headers.get("ticket") != self._ticket:
            logger.warning("an answer about tasks to refuse cannot be read")
            return
        self._worker.controller.state.merge_revoked(tasks)
        if not self.are_known:
            self.are_known = True
            self._next_question.cancel()
            logger.info("told to refuse %d tasks", len(tasks))


def refused_tasks(body: object) -> list[str] | None:
    """The ids in the answer to a `hello`, which is an object by the answering node's name; None if it is none."""
    match list(body.values()) if isinstance(body, dict) else None:
        case [{"revoked": [*tasks]}] if all(isinstance(task, str) for task in tasks):
            return tasks
    return None
