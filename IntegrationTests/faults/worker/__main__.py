"""`python -m faults.worker`: one scripted worker."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from .behaviour import BEHAVIOURS
from .journal import WorkerJournal
from .node import WorkerNode


def main() -> None:
    parser = argparse.ArgumentParser(prog="faults.worker", description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--slots", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True, help="how long a task takes")
    parser.add_argument("--behaviour", choices=BEHAVIOURS, required=True)
    options = parser.parse_args()
    journal = WorkerJournal(options.journal, options.name)
    node = WorkerNode(options.name, options.slots, options.seconds, BEHAVIOURS[options.behaviour], journal)
    node.run(os.environ["BROKER_URL"])


main()
