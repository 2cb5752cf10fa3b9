import pytest
from celery.worker import state
from kombu import Consumer, Producer, Queue

from tasker_worker import refusals
from tasker_worker.refusals import Refusals, refused_tasks


@pytest.fixture
def step(worker):
    step = Refusals(worker)
    yield step
    step.stop(worker)


@pytest.fixture
def questions(worker):
    """What coordinators hear, from here on."""
    exchange = worker.app.control.mailbox.exchange
    heard = []
    queue = Queue("tasker.requests.c1", exchange)
    with Consumer(worker.connection.channel(), [queue], callbacks=[lambda body, _: heard.append(body)], no_ack=True):
        yield heard


def answer(worker, question, body, ticket=None):
    address = question["reply_to"]
    Producer(worker.connection.channel(), serializer="json").publish(
        body, exchange=address["exchange"], routing_key=address["routing_key"],
        headers={"ticket": ticket or question["ticket"], "clock": 1})
    worker.drain()


def test_nothing_is_known_before_a_coordinator_answers(worker, step, questions):
    step.start(worker)
    worker.drain()
    assert not step.are_known
    (question,) = questions
    assert question["method"] == "hello" and question["destination"] == ["tasker.coordinator"]
    assert question["arguments"] == {"from_node": "tasker@w1"}
    answer(worker, question, {"tasker.requests.c1": {"revoked": ["a", "b"], "clock": 1}})
    assert step.are_known and {"a", "b"} <= set(state.revoked) and state.revoked.expires == 24 * 3600
    assert worker.timer.entries[-1].cancelled


def test_it_asks_again_with_growing_pauses(worker, step, questions):
    step.start(worker)
    for _ in range(20):
        worker.timer.fire()
    worker.drain()
    assert len(questions) == 21 and len({question["ticket"] for question in questions}) == 1
    pauses = [entry.pause for entry in worker.timer.entries]
    assert 0.25 <= pauses[0] <= 0.5 and all(2.5 <= pause <= 5 for pause in pauses[4:])
    assert len(set(pauses)) == len(pauses), "workers that start together do not ask together"
    answer(worker, questions[0], {"tasker.requests.c1": {"revoked": []}})
    assert step.are_known, "an answer to an earlier question is one"


@pytest.mark.parametrize("body", [
    {"tasker.requests.c1": {"error": "KeyError()"}}, {"tasker.requests.c1": {"revoked": None}},
    {"tasker.requests.c1": {"revoked": [1]}}, {"tasker.requests.c1": []}, {}, [], None, "revoked",
])
def test_what_is_no_answer_changes_nothing(worker, step, questions, body):
    assert refused_tasks(body) is None
    step.start(worker)
    worker.drain()
    answer(worker, questions[0], body)
    assert not step.are_known and not worker.timer.entries[-1].cancelled


def test_over_a_new_connection_it_asks_anew(worker, step, questions):
    step.start(worker)
    worker.drain()
    answer(worker, questions[0], {"tasker.requests.c1": {"revoked": []}})
    step.stop(worker)
    assert not step.are_known
    step.start(worker)
    worker.drain()
    assert questions[1]["ticket"] != questions[0]["ticket"]
    answer(worker, questions[1], {"tasker.requests.c1": {"revoked": ["c"]}}, ticket=questions[0]["ticket"])
    assert not step.are_known, "what was revoked in between is not in an answer to the earlier connection"


def test_without_a_coordinator_it_says_so_once_a_minute(worker, step, monkeypatch, caplog):
    now = [1000.0]
    monkeypatch.setattr(refusals.time, "monotonic", lambda: now[0])
    step.start(worker)
    for _ in range(30):
        now[0] += 5
        worker.timer.fire()
    assert len([record for record in caplog.records if "no coordinator has said" in record.message]) == 2
