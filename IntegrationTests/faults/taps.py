"""A copy of every task message that the broker gets."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Set

from kombu import Connection, Exchange, Producer, Queue
from kombu.message import Message

from .journals import Dispatch

_QUEUES = {"open_ports": "nmap_open_ports_queue", "services": "nmap_services_queue"}


class DispatchTap:
    """Notes task messages by a queue of its own on the tasks' exchange."""

    def __init__(self, broker: str) -> None:
        self._broker = broker
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dispatch-tap", daemon=True)
        self._messages: list[Message] = []
        self.dispatches: list[Dispatch] = []

    def __enter__(self) -> DispatchTap:
        self._thread.start()
        if not self._ready.wait(15):
            raise TimeoutError("the broker shows nothing")
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5)

    def send_again(self, targets: Set[str]) -> int:
        """Puts all messages about some targets into the queues once more, past this tap: as a connection gives them back that
        ends late, or a leader sends them that was frozen. Answers how many."""
        messages = [
            (sent, message) for sent, message in zip(list(self.dispatches), self._messages) if sent.ip in targets
        ]
        with Connection(self._broker) as connection:
            producer = Producer(connection.channel())
            for sent, message in messages:
                producer.publish(
                    message.body, exchange="", routing_key=_QUEUES[sent.phase], headers=message.headers,
                    content_type=message.content_type, content_encoding=message.content_encoding,
                    reply_to=message.properties["reply_to"], correlation_id=message.properties["correlation_id"])
        return len(messages)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._read()
            except (*Connection(self._broker).recoverable_connection_errors, OSError):
                time.sleep(0.2)

    def _read(self) -> None:
        exchange = Exchange("nmap_exchange", "topic", durable=True)
        queue = Queue("", exchange, routing_key="#", exclusive=True, auto_delete=True)
        with Connection(self._broker) as connection:
            with connection.Consumer(queue, on_message=self._take, no_ack=True):
                self._ready.set()
                while not self._stop.is_set():
                    try:
                        connection.drain_events(timeout=0.2)
                    except TimeoutError:
                        pass

    def _take(self, message: Message) -> None:
        argument = json.loads(message.body)[0][0]
        headers = message.headers
        self._messages.append(message)
        self.dispatches.append(Dispatch(
            time.time(), headers["id"], argument["scan"], headers["origin"], argument["ip"], argument["phase"]))
