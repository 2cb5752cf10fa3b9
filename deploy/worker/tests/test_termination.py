import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tasker_worker import process_group, termination


class Ended(BaseException):
    pass


@pytest.fixture
def ends():
    """SIGTERM raises, as in a process of Celery's pool."""

    def end(*_):
        raise Ended

    previous = signal.signal(signal.SIGTERM, end)
    yield lambda: os.kill(os.getpid(), signal.SIGTERM)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    termination.release()
    signal.signal(signal.SIGTERM, previous)


def test_a_task_that_is_held_ends_when_it_is_released(ends):
    termination.hold()
    ends()
    with pytest.raises(Ended):
        termination.release()


def test_a_command_ends_with_its_task_and_the_rest_of_the_task_is_held_again(ends):
    termination.hold()
    ends()
    began = time.monotonic()
    with pytest.raises(Ended):
        process_group.run(["sleep", "30"], timeout=30, output_limit=10)
    assert time.monotonic() - began < 10
    ends()
    with pytest.raises(Ended):
        termination.release()


def test_the_command_itself_heeds_signals():
    command = ["sh", "-c", "kill -TERM $$; sleep 30"]
    assert process_group.run(command, timeout=10, output_limit=10).exit_code == -signal.SIGTERM


def test_a_signal_while_the_process_forks_is_not_lost():
    """Python ignores what a handler raises into a hook around a fork; `logging` has such hooks."""
    program = """
import os, signal, sys
from tasker_worker import process_group
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGTERM))
process_group.run(["sleep", "30"], 30, 10)
"""
    folder = Path(process_group.__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", program], cwd=folder, timeout=10).returncode == 7
