"""`python -m existing_worker`: one host of an existing worker, its three processes side by side as under supervisord."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

QUEUES = ("nmap_scan_queue", "nmap_cancel_queue", "worker_service_broadcast")


def main() -> None:
    host, slots = os.environ["TWIN_HOST"], os.environ["TWIN_SLOTS"]
    processes = [
        subprocess.Popen([
            sys.executable, "-m", "celery", "-A", "existing_worker.app", "worker", "-l", "INFO",
            "-c", slots if queue == "nmap_scan_queue" else "1", "-Q", queue, "-n", f"{queue}@{host}",
        ])
        for queue in QUEUES
    ]

    def forward(number: int, _: object) -> None:
        for process in processes:
            process.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGQUIT):
        signal.signal(number, forward)
    for process in processes:
        process.wait()


main()
