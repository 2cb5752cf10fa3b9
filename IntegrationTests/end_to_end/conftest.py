"""One stack for all tests: real Redis, RabbitMQ, Celery workers, nmap, dnsmasq, HAProxy, and Tasker's own programs."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts" / "lib"), str(ROOT / "IntegrationTests")]

import demo  # noqa: E402
from local_stack import python_environment, swift_build  # noqa: E402
from local_stack.stack import Size, Stack  # noqa: E402
from local_stack.workspace import Workspace  # noqa: E402

from support import Client, Installation  # noqa: E402


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Debug programs, as `scripts/test` builds them; short pauses, so that the tests need not wait long."""
    python = python_environment.ensure(print)
    programs = swift_build.programs_directory(debug=True)
    directory = Path(os.environ.get("TASKER_TEST_STATE") or tempfile.mkdtemp(prefix="tasker-e2e-"))
    with Workspace(directory) as workspace:
        with Stack(workspace, python, programs, Size(3, 2, 2), progress=print) as running:
            demo.start_services(running)
            yield running
    if "TASKER_TEST_STATE" not in os.environ:
        workspace.remove()


@pytest.fixture
def installation(stack: Stack) -> Iterator[Installation]:
    """The stack, whole: what a test killed is started again, and what it broke is mended."""
    installation = Installation(stack)
    yield installation
    installation.mend()


@pytest.fixture
def alice(stack: Stack) -> Iterator[Client]:
    with Client(stack.balancer.url, stack.ledger.alice.token, stack.ledger.alice.project, stack.ledger) as client:
        yield client


@pytest.fixture
def bob(stack: Stack) -> Iterator[Client]:
    with Client(stack.balancer.url, stack.ledger.bob.token, stack.ledger.bob.project, stack.ledger) as client:
        yield client
