from celery import Celery, states
from celery.worker.control import Panel
from celery.worker.state import revoked

from tasker_worker.results import NamedExchangeBackend


def test_a_revocation_asks_the_broker_nothing():
    """No broker is there to be asked: each question would take seconds."""
    app = Celery("revoked", broker="amqp://127.0.0.1:1//", set_as_current=False)
    app.backend_cls = NamedExchangeBackend
    state = type("State", (), {"app": app, "consumer": None, "tset": set})
    tasks = [f"revoked-{number}" for number in range(1000)]
    assert "ok" in Panel.data["revoke"](state, tasks, terminate=True)
    assert set(tasks) <= set(revoked)
    assert app.backend.get_state(tasks[0]) == states.STARTED
