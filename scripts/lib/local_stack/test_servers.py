"""The Redis and RabbitMQ servers of the Swift integration tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .ports import Ports
from .process import StackError
from .rabbitmq_server import PortMapper, RabbitMQServer
from .redis_server import RedisServer
from .workspace import Workspace

REDIS_VARIABLE = "TASKER_TEST_REDIS_URL"
RABBITMQ_VARIABLE = "TASKER_TEST_RABBITMQ_URL"


@contextmanager
def test_servers(directory: Path, progress: Callable[[str], None]) -> Iterator[dict[str, str]]:
    """The variables that name the servers: those of the environment if it has both, else of servers started here."""
    given = {name: os.environ[name] for name in (REDIS_VARIABLE, RABBITMQ_VARIABLE) if os.environ.get(name)}
    if len(given) == 2:
        progress("using the Redis and RabbitMQ of the environment")
        yield given
        return
    if given:
        raise StackError(f"set both of {REDIS_VARIABLE} and {RABBITMQ_VARIABLE}, or none")
    ports = Ports()
    with Workspace(directory) as workspace:
        redis = RedisServer(workspace, ports.take("redis"))
        mapper = PortMapper(workspace, ports.take("epmd"))
        rabbitmq = RabbitMQServer(workspace, ports.take("rabbitmq"), ports.take("distribution"), mapper)
        for server in (redis, mapper, rabbitmq):
            server.start()
        for server in (redis, mapper, rabbitmq):
            server.wait_until_ready()
        yield {REDIS_VARIABLE: redis.url, RABBITMQ_VARIABLE: rabbitmq.url}
