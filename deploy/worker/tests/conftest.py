import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from celery import Celery
from celery.worker import state
from kombu import Connection
from kombu.transport.virtual import Transport

from tasker_worker.task_request import TaskRequest


@pytest.fixture
def fake_nmap(tmp_path):
    """Makes an executable that stands in for nmap from the body of a shell script."""

    def make(body):
        path = tmp_path / "nmap"
        path.write_text(f"#!/bin/bash\n{body}\n")
        path.chmod(0o755)
        return str(path)

    return make


@pytest.fixture
def payload():
    return {"ip": "127.0.0.1", "arguments": ["-n", "-Pn", "-p", "80,443"], "timeout": 60, "phase": "open_ports",
            "scan": "s", "project": "p", "target": 7, "attempt": 1}


@pytest.fixture
def request_for(payload):
    def make(**changes):
        return TaskRequest.checked({**payload, **changes}, "open_ports")

    return make


class ManualTimer:
    """A timer whose entries fire when the test says so."""

    def __init__(self):
        self.entries = []

    def call_after(self, pause, function):
        entry = SimpleNamespace(pause=pause, function=function, cancelled=False)
        entry.cancel = lambda: setattr(entry, "cancelled", True)
        self.entries.append(entry)
        return entry

    def fire(self):
        self.entries[-1].function()


@pytest.fixture
def worker(monkeypatch):
    """Celery's consumer as far as its steps need it, on a broker in memory."""
    monkeypatch.setattr(Transport, "on_readable", lambda *_: None)
    with Connection("memory://") as connection:
        def drain():
            for _ in range(100):
                try:
                    connection.drain_events(timeout=0.01)
                except TimeoutError:
                    return

        yield SimpleNamespace(
            app=Celery("steps", broker="memory://", set_as_current=False), hostname="tasker@w1", connection=connection,
            connection_errors=connection.connection_errors, channel_errors=connection.channel_errors,
            event_dispatcher=SimpleNamespace(connection=connection), timer=ManualTimer(), drain=drain,
            hub=SimpleNamespace(on_tick=set()), controller=SimpleNamespace(state=state), qos_global=False,
            pool=SimpleNamespace(num_processes=2), on_decode_error=None,
            call_soon=lambda function, *arguments, **options: function(*arguments, **options))
    connection.transport.Channel.queues.clear()
    state.reset_state()


def is_running(pid):
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def eventually(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def process_numbers(path, count):
    """The process numbers that a fake nmap writes to a file, once there are as many as expected."""
    eventually(lambda: path.exists() and len(path.read_text().split()) == count)
    return [int(pid) for pid in path.read_text().split()]


def in_child(function):
    """Runs a function in a forked process, as Celery's pool does, and answers its number."""
    pid = os.fork()
    if pid == 0:
        try:
            function()
        finally:
            os._exit(0)
    return pid
