"""What orchestrators and operators are told: `/livez` and `/readyz` of coordinators and API replicas."""

from __future__ import annotations

import signal

import httpx
import pytest

from support import Installation, eventually


def test_one_coordinator_leads_and_the_others_stand_by(installation: Installation) -> None:
    leader = installation.leader()
    for coordinator in installation.stack.coordinators:
        status, report = installation.readiness(coordinator)
        assert status == 200, report
        assert report["status"] == ("leading" if coordinator is leader else "standby"), report
        assert report["dependencies"]["redis"] == report["dependencies"]["rabbitmq"] == "ok", report
        assert report["installation"] == installation.redis("HGET", "tasker:installation", "id")
    assert installation.readiness(leader)[1]["epoch"] == int(installation.redis("HGET", "tasker:lock", "epoch"))


def test_a_standby_that_takes_over_says_so(installation: Installation) -> None:
    leader = installation.leader()
    standby = next(one for one in installation.stack.coordinators if one is not leader)
    epoch = installation.readiness(leader)[1]["epoch"]
    installation.kill(leader)
    report = eventually("it says that it leads", lambda: (r := installation.readiness(standby)[1]) and "epoch" in r and r)
    assert report["status"] == "leading" and report["epoch"] > epoch, report


def test_without_redis_nobody_is_ready_and_everybody_answers(installation: Installation) -> None:
    redis = installation.stack.redis
    servers = [*installation.stack.coordinators, *installation.stack.apis]
    redis.process.send(signal.SIGKILL)
    try:
        for server in servers:
            eventually(f"{server.name} misses Redis", lambda: installation.readiness(server)[0] == 503, seconds=10)
            assert installation.readiness(server)[1]["dependencies"]["redis"] == "away"
            assert httpx.get(f"{server.url}/livez").status_code == 200
    finally:
        redis.start()
        redis.wait_until_ready()
    for server in servers:
        eventually(f"{server.name} is ready again", lambda: installation.readiness(server)[0] == 200, seconds=20)
        assert installation.readiness(server)[1]["warnings"] == [], "nothing was lost"


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_only_read(installation: Installation, path: str) -> None:
    for server in [*installation.stack.coordinators, *installation.stack.apis]:
        assert httpx.post(f"{server.url}{path}").status_code in (404, 405)
