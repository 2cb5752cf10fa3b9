"""When a process counts as running."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from local_stack.process import Process

#: Its first thread ends at once, another one a second later.
_OUTLIVED_BY_A_THREAD = """
import ctypes, threading, time
threading.Thread(target=time.sleep, args=(1,)).start()
ctypes.CDLL(None).pthread_exit(None)
"""


def test_a_process_runs_until_its_last_thread_has_ended() -> None:
    child = subprocess.Popen([sys.executable, "-c", _OUTLIVED_BY_A_THREAD])
    process = Process.of_child("child", child.pid, 15, 0, Path("/dev/null"))
    stat = Path(f"/proc/{child.pid}/stat")
    while ") Z " not in stat.read_text():
        time.sleep(0.01)
    assert process.is_running()
    process.wait_for_end(5)
    assert not process.is_running()
