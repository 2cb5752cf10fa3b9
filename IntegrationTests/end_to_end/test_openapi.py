"""The API against its own document, by Schemathesis: what the document permits and what it forbids, alone and in a row."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_stack import python_environment, swift_build
from local_stack.stack import COMPONENTS, Size, Stack
from local_stack.workspace import Workspace

HERE = Path(__file__).resolve().parent
SECONDS = 90

CONFIGURATION = """
hooks = "{hooks}"
seed = 20
max-time = {seconds}
request-timeout = 60.0
workers = 2

[parameters]
"path.project_id" = "{project}"
"header.Prefer" = "wait=1"

[auth.openapi.token]
bearer = "{token}"

# Its answer does not end; test_events.py reads it.
[[operations]]
include-name = "GET /tasks/{{project_id}}/events"
enabled = false
"""


@pytest.fixture(scope="module")
def idle_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation of its own without workers: whatever a test submits, nothing is scanned."""
    python = python_environment.ensure(print)
    programs = swift_build.programs_directory(debug=True)
    with Workspace(tmp_path_factory.mktemp("idle")) as workspace:
        components = COMPONENTS - {"workers"}
        unlimited = {"RATE_LIMIT_PER_TOKEN": "0", "RATE_LIMIT_PER_ADDRESS": "0"}
        with Stack(workspace, python, programs, Size(1, 1, 0), components, settings=unlimited, progress=print) as running:
            yield running


def test_every_answer_is_one_that_the_document_has(idle_stack: Stack, tmp_path: Path) -> None:
    alice = idle_stack.ledger.alice
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(
        CONFIGURATION.format(
            hooks=HERE / "schemathesis_hooks.py", seconds=SECONDS, project=alice.project, token=alice.token
        )
    )
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(configuration), "--no-color", "run",
        f"{idle_stack.apis[0].url}/openapi.json", "--checks", "all", "--continue-on-failure",
    ]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, timeout=SECONDS + 120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
