"""The Redis keys that existing workers write and remove, in their order."""

from __future__ import annotations

import json
import time

from redis import Redis


class WorkerKeys:
    """The keys of one task on one host."""

    def __init__(self, redis: Redis, host: str, task: str, payload: dict) -> None:
        self._redis = redis
        self._host = host
        self._task = task
        self._payload = payload

    def begin(self) -> None:
        note = {
            "ip": self._payload["ip"],
            "hostnames": self._payload["hostnames"],
            "worker": self._host,
            "started_at": int(time.time()),
        }
        self._redis.rpush(self._running, json.dumps(note))

    def note_process(self, pid: int) -> None:
        self._redis.hset(self._processes, self._task, pid)

    def forget_process(self) -> None:
        self._redis.hdel(self._processes, self._task)

    def end(self) -> None:
        payload = self._payload
        project, ip = f"project:{payload['project']}", payload["ip"]
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.hdel(self._processes, self._task)
            pipe.delete(self._running)
            pipe.srem(f"{project}:task_ids", self._task)
            pipe.srem(f"user:{payload['user']['id']}:task_ids", self._task)
            pipe.srem(f"{project}:ip:{ip}:task_ids", self._task)
            pipe.delete(f"lock:{project}:ip:{ip}:ports:{payload['open_ports_str']}")
            pipe.delete(f"task:{self._task}:metadata:nmap")
            pipe.execute()

    @property
    def _running(self) -> str:
        return f"running:task:{self._task}:host:{self._host}"

    @property
    def _processes(self) -> str:
        return f"running_tool:nmap:{self._host}"
