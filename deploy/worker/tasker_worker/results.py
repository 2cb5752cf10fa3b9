"""Where results go."""

from __future__ import annotations

from celery import states
from celery.backends.rpc import RPCBackend
from kombu import Exchange


class NamedExchangeBackend(RPCBackend):
    """Celery's RPC backend, but publishing to the exchange of the settings instead of the broker's default one.

    Through the default exchange a client may publish to every queue, the tasks' too, so a broker that is to keep
    workers from that must forbid it to them. The exchange routes by the task's `reply_to`.
    """

    #: A result is worth waiting for: about ten minutes without a broker.
    retry_policy = {"max_retries": 300, "interval_start": 0, "interval_step": 1, "interval_max": 2}

    def _create_exchange(self, name: str, type: str = "direct", delivery_mode: int = 2) -> Exchange:
        return self.Exchange(name, type=type, durable=True, delivery_mode=delivery_mode)

    def on_reply_declare(self, task_id: str) -> list[Exchange]:
        return [self.exchange]

    def get_state(self, task_id: str) -> str:
        """Celery asks this of every task that is revoked, and says `REVOKED` in its place where it has not begun. A worker
        reads no results: asking the broker would hold up the event loop, and with it the end of the tasks that run."""
        return states.STARTED
