"""Publishes tasks as a Celery client does, and prints the seconds that it takes.

    celery_program.py send COUNT [confirm]   `send_task`, one after the other, from one process
    celery_program.py enumerate NETWORK COUNT

`enumerate` is how the first version of Tasker accepted a network, for its first COUNT addresses: it writes five keys of Redis for
each, one after the other, and sends the task. The addresses of broker and Redis are in BROKER_URL and REDIS_URL.
"""

from __future__ import annotations

import os
import sys
import time
from ipaddress import ip_network
from itertools import islice
from uuid import uuid4

import redis
from celery import Celery
from kombu import Exchange, Queue

QUEUE = "bench.celery"
ARGUMENTS = ["-Pn", "-n", "-p", "80", "--open", "-T4"]


def application(confirms: bool) -> Celery:
    app = Celery("bench", broker=os.environ["BROKER_URL"])
    app.conf.broker_transport_options = {"confirm_publish": confirms}
    app.conf.task_queues = [Queue(QUEUE, Exchange(QUEUE, type="direct"), routing_key=QUEUE, durable=True)]
    return app


def send_task(app: Celery, address: str) -> None:
    argument = {"ip": address, "arguments": ARGUMENTS, "timeout": 60, "phase": "open_ports"}
    app.send_task("bench.nmap", args=[argument], queue=QUEUE)


def send(app: Celery, count: int) -> None:
    for number in range(count):
        send_task(app, f"10.0.{number >> 8 & 255}.{number & 255}")


def enumerate_network(app: Celery, network: str, count: int) -> None:
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    project, user = uuid4(), uuid4()
    for host in islice(ip_network(network).hosts(), count):
        task = uuid4()
        client.sadd(f"bench:project:{project}:task_ids", str(task))
        client.sadd(f"bench:user:{user}:task_ids", str(task))
        client.sadd(f"bench:project:{project}:ip:{host}:task_ids", str(task))
        client.hset(f"bench:task:{task}:metadata:nmap", mapping={"ip": str(host), "ports": "80"})
        client.set(f"bench:lock:project:{project}:ip:{host}:ports:80", "1", nx=True, ex=3600)
        send_task(app, str(host))


def main() -> None:
    what, *words = sys.argv[1:]
    app = application(confirms="confirm" in words)
    send(app, 1)
    started = time.monotonic()
    if what == "send":
        send(app, int(words[0]))
    else:
        enumerate_network(app, words[0], int(words[1]))
    print(time.monotonic() - started)
    with app.connection_for_write() as connection:
        connection.default_channel.queue_delete(QUEUE)


if __name__ == "__main__":
    main()
