from types import SimpleNamespace

import pytest

from tasker_worker.readiness import SECONDS, Readiness


@pytest.fixture
def worker():
    calls = []

    def call_repeatedly(seconds, function):
        calls.append((seconds, function))
        return SimpleNamespace(cancel=calls.clear)

    return SimpleNamespace(timer=SimpleNamespace(calls=calls, call_repeatedly=call_repeatedly))


def test_the_file_is_there_and_touched_while_the_worker_is_connected(worker, tmp_path, monkeypatch):
    file = tmp_path / "ready"
    monkeypatch.setattr(Readiness, "file", file)
    step = Readiness(worker)
    step.stop(worker)
    step.start(worker)
    [(seconds, touch)] = worker.timer.calls
    assert file.exists() and seconds == SECONDS
    file.unlink()
    touch()
    assert file.exists()
    step.stop(worker)
    assert not file.exists() and worker.timer.calls == []


def test_nothing_is_written_where_nobody_asks(worker):
    Readiness(worker).start(worker)
    assert worker.timer.calls == []
