"""`python -m tasker_worker`: starts the worker with its settings from the environment."""

from __future__ import annotations

import shutil
import sys

from .settings import SettingError


def main() -> None:
    try:
        from .app import app, settings
    except SettingError as error:
        sys.exit(f"tasker_worker: {error}")
    if shutil.which(settings.nmap) is None:
        sys.exit(f"tasker_worker: nmap is not installed: {settings.nmap}")
    app.worker_main([
        "worker",
        f"--hostname=tasker@{settings.name}",
        f"--loglevel={settings.log_level}",
        "--without-gossip",
        "--without-mingle",
    ])


main()
