from types import SimpleNamespace

from tasker_worker.pool_upkeep import SECONDS, PoolUpkeep


class Timer:
    """Holds what is to be called repeatedly."""

    def __init__(self):
        self.calls = []

    def call_repeatedly(self, seconds, function):
        self.calls.append((seconds, function))
        return SimpleNamespace(cancel=self.calls.clear)


def test_ended_processes_are_looked_for_while_the_worker_is_connected():
    looks = []
    worker = SimpleNamespace(timer=Timer(), pool=SimpleNamespace(maintain_pool=lambda: looks.append(1)))
    upkeep = PoolUpkeep(worker)
    upkeep.stop(worker)
    upkeep.start(worker)
    [(seconds, look)] = worker.timer.calls
    look()
    assert seconds == SECONDS and looks == [1]
    upkeep.stop(worker)
    assert worker.timer.calls == []
