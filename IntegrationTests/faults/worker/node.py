"""The worker itself: one thread, many tasks that only wait."""

from __future__ import annotations

import datetime
import heapq
import json
import time
import uuid
from collections import deque

from kombu import Connection, Consumer, Exchange, Producer, Queue
from kombu.message import Message
from kombu.pidbox import Mailbox

from .behaviour import Behaviour
from .journal import WorkerJournal
from .task import Task

HEARTBEAT_SECONDS = 2.0
NMAP = Exchange("nmap_exchange", "topic", durable=True)
RESULTS = Exchange("tasker_results", "direct", durable=True)
EVENTS = Exchange("celeryev", "topic", durable=True)
QUEUES = [
    Queue("nmap_open_ports_queue", NMAP, routing_key="nmap.open_ports", durable=True),
    Queue("nmap_services_queue", NMAP, routing_key="nmap.services", durable=True),
]
SCANS = ["tasker.nmap.open_ports", "tasker.nmap.services"]
COORDINATOR = "tasker.coordinator"
#: How often it asks what to refuse, until a coordinator answers.
ASK_SECONDS = 0.5


class WorkerNode:
    """As the reference worker: it takes a message when it has been told what to refuse and a slot is free, and
    acknowledges it when its task starts. Running tasks and unsent results outlive a lost connection."""

    def __init__(
        self, name: str, slots: int, seconds: float, behaviour: Behaviour, journal: WorkerJournal
    ) -> None:
        self.hostname = f"tasker@{name}"
        self._slots = slots
        self._seconds = seconds
        self._behaviour = behaviour
        self._journal = journal
        self._waiting: Task | None = None
        self._active: dict[int, Task] = {}
        self._ends: list[tuple[float, int]] = []
        self._executions = 0
        self._outbox: deque[tuple[Task, dict]] = deque()
        self._revoked: set[str] = set()
        self._is_told = False
        self._is_taking = False
        self._clock = 0
        self._next_heartbeat = 0.0
        self._next_question = 0.0

    def run(self, broker: str) -> None:
        """Works until the process ends; connects again whenever the connection is lost."""
        while True:
            try:
                with Connection(broker, heartbeat=10, connect_timeout=5) as connection:
                    connection.connect()
                    self._work(connection)
            except (*Connection(broker).recoverable_connection_errors, OSError, AttributeError) as error:
                if isinstance(error, AttributeError) and error.obj is not None:
                    raise  # on None it is how py-amqp finds its connection gone
                self._waiting = None
                self._journal.note("disconnected", error=repr(error)[:200])
                self._pass_time(0.3)

    def _work(self, connection: Connection) -> None:
        channel = connection.channel()
        # As Celery does: what it publishes to is there, whoever comes first.
        for exchange in (RESULTS, EVENTS):
            exchange.bind(channel).declare()
        self._producer = Producer(connection.channel(), serializer="json")
        results = connection.channel()
        # Results wait for the broker's confirmation; events must not, since they are sent while messages are taken in.
        results.basic_publish = results.basic_publish_confirm
        self._results = Producer(results, serializer="json")
        self._mailbox = Mailbox("celery", type="fanout", accept=["json"], serializer="json", connection=connection)
        # Not the tasks' channel: RabbitMQ holds everything on a channel back whose prefetch is used up.
        node = self._mailbox.Node(self.hostname, self, connection.channel(), self._handlers())
        self._consumer = Consumer(channel, QUEUES, on_message=self._received, accept=["json"])
        self._consumer.qos(prefetch_count=1, apply_global=True)
        self._is_told = self._is_taking = False
        node.listen(callback=node.handle_message)
        self._await_answer(connection)
        self._event("worker.online", "worker-online")
        self._journal.note("ready")
        while True:
            try:
                connection.drain_events(timeout=self._pause())
            except TimeoutError:
                connection.heartbeat_check()
            self._turn()

    def _pass_time(self, seconds: float) -> None:
        """Without a connection, tasks go on to their end."""
        time.sleep(seconds)
        self._end_due()

    def _pause(self) -> float:
        now = time.monotonic()
        due = min([self._next_heartbeat, *(end for end, _ in self._ends[:1])])
        return min(max(0.001, due - now), ASK_SECONDS)

    def _turn(self) -> None:
        self._end_due()
        self._send_results()
        self._ask()
        self._start_waiting()
        self._adapt()
        if time.monotonic() >= self._next_heartbeat:
            self._next_heartbeat = time.monotonic() + HEARTBEAT_SECONDS
            self._event("worker.heartbeat", "worker-heartbeat", freq=HEARTBEAT_SECONDS, active=len(self._active))

    def _received(self, message: Message) -> None:
        task = Task.of(message)
        self._journal.note("received", redelivered=message.delivery_info.get("redelivered"), **task.described)
        self._waiting = task
        self._event("task.multi", "task-received", uuid=task.id, name=task.name)

    def _start_waiting(self) -> None:
        if self._waiting is None:
            return
        task, self._waiting = self._waiting, None
        if self._is_refused(task):
            task.message.ack()
            self._journal.note("discarded", **task.described)
            self._answer_revoked(task)
            return
        self._journal.note("started", **task.described)
        self._executions += 1
        self._active[self._executions] = task
        heapq.heappush(self._ends, (time.monotonic() + self._seconds, self._executions))
        # First, for with the acknowledgement the next one comes.
        self._adapt()
        task.message.ack()
        self._event("task.multi", "task-started", uuid=task.id)

    def _adapt(self) -> None:
        """Begins or ends taking messages."""
        should_take = self._is_told and len(self._active) < self._slots
        if should_take != self._is_taking:
            self._is_taking = should_take
            if should_take:
                self._consumer.consume()
            else:
                self._consumer.cancel()

    def _is_refused(self, task: Task) -> bool:
        return task.id in self._revoked and not self._behaviour.is_deaf

    def _end_due(self) -> None:
        now = time.monotonic()
        while self._ends and self._ends[0][0] <= now:
            task = self._active.pop(heapq.heappop(self._ends)[1], None)
            if task is None:
                continue
            self._journal.note("ended", **task.described)
            echoed = ("scan", "target", "attempt", "phase", "ip")
            result = {
                **{name: task.payload[name] for name in echoed},
                "exit_code": 0,
                "xml": self._behaviour.report(task.payload["ip"], task.payload["phase"]),
                "started_at": time.time() - self._seconds,
                "finished_at": time.time(),
                "worker": self.hostname.partition("@")[2],
            }
            for _ in range(self._behaviour.copies):
                self._outbox.append((task, {"status": "SUCCESS", "result": result, "traceback": None}))

    def _answer_revoked(self, task: Task) -> None:
        error = {
            "exc_type": "TaskRevokedError", "exc_message": ["revoked"], "exc_module": "celery.exceptions",
        }
        self._outbox.append((task, {"status": "REVOKED", "result": error, "traceback": None}))

    def _send_results(self) -> None:
        while self._outbox:
            task, answer = self._outbox[0]
            now = datetime.datetime.now(datetime.timezone.utc).isoformat()
            body = {**answer, "children": [], "date_done": now, "task_id": task.id}
            self._results.publish(
                json.dumps(body).encode(),
                exchange=RESULTS,
                routing_key=task.reply_to,
                correlation_id=task.id,
                content_type="application/json",
                content_encoding="utf-8",
                delivery_mode=2,
            )
            self._outbox.popleft()

    def _event(self, key: str, kind: str, **fields: object) -> None:
        self._clock += 1
        event = {
            "hostname": self.hostname, "utcoffset": 0, "pid": 0, "clock": self._clock, "timestamp": time.time(),
            "type": kind, **fields,
        }
        self._producer.publish(
            [event] if key == "task.multi" else event,
            exchange=EVENTS, routing_key=key, delivery_mode=1, headers={"hostname": self.hostname},
        )

    # Remote control

    def _handlers(self) -> dict:
        return {
            "ping": lambda state: {"ok": "pong"},
            "enable_events": lambda state: {"ok": "task events enabled"},
            "registered": lambda state, **_: SCANS,
            "active_queues": lambda state: [queue.as_dict(recurse=True) for queue in QUEUES],
            "stats": lambda state, **_: {"pool": {"max-concurrency": self._slots}},
            "active": lambda state, **_: [self._described(task) for task in self._unfinished()],
            "reserved": lambda state, **_: [self._described(self._waiting)] if self._waiting else [],
            "hello": lambda state, from_node, revoked=None, **_: {"revoked": list(self._revoked), "clock": self._clock},
            "revoke": self._revoke,
        }

    def _unfinished(self) -> list[Task]:
        """What runs, and what waits for the broker to take its result, as a child of Celery's does."""
        return [*self._active.values(), *(task for task, _ in self._outbox)]

    def _described(self, task: Task) -> dict:
        return {"id": task.id, "name": task.name, "args": [], "kwargs": {}, "hostname": self.hostname}

    def _revoke(self, state: object, task_id: object, terminate: bool = False, **_: object) -> dict:
        ids = {task_id} if isinstance(task_id, str) else set(task_id)
        self._revoked |= ids
        if terminate and not self._behaviour.is_deaf:
            for number in [number for number, task in self._active.items() if task.id in ids]:
                task = self._active.pop(number)
                self._journal.note("terminated", **task.described)
                self._answer_revoked(task)
        return {"ok": "tasks revoked"}

    # What to refuse

    def _await_answer(self, connection: Connection) -> None:
        self._ticket = str(uuid.uuid4())
        exchange = self._mailbox.reply_exchange
        queue = Queue(
            f"{self._ticket}.{exchange.name}", exchange, routing_key=self._ticket, durable=False, exclusive=True,
            auto_delete=True)
        self._replies = Consumer(
            connection.channel(), [queue], callbacks=[self._told], accept=["json"], no_ack=True)
        self._replies.consume()
        self._next_question = 0.0

    def _ask(self) -> None:
        if self._is_told or time.monotonic() < self._next_question:
            return
        self._next_question = time.monotonic() + ASK_SECONDS
        self._producer.publish(
            {
                "method": "hello", "arguments": {"from_node": self.hostname}, "destination": [COORDINATOR],
                "ticket": self._ticket,
                "reply_to": {"exchange": self._mailbox.reply_exchange.name, "routing_key": self._ticket},
            },
            exchange=self._mailbox.exchange, delivery_mode=1,
        )

    def _told(self, body: dict, message: Message) -> None:
        for answer in body.values():
            self._revoked |= set(answer["revoked"])
        self._is_told = True
        self._journal.note("told", revoked=len(self._revoked))
