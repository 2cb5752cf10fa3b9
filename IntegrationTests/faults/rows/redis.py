"""R1 to R4: Redis dies, forgets, comes back empty, or refuses."""

from __future__ import annotations

import random
import re
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from ..checker import check
from ..installation import Installation, Layout
from ..row import Limit, Observation, Row
from ..site import Site
from ..traffic import Traffic
from ..user import RequestRefused, User
from ..waiting import NotReached, eventually

RESUMED = "resumed"
#: How coordinators report that Redis has forgotten something, and that it is not the one they knew.
_LOSS = re.compile(rb'"level":"error"[^\n]*"Redis has lost acknowledged writes"')
_FOREIGN = re.compile(rb'"level":"error"[^\n]*accept-installation')


class Submitter:
    """Submits small scans one after the other, whatever happens; keeps those that were acknowledged. Ten a second: a
    project's records are the last 1,000, and those of a portion are looked at together at its end."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.refused = 0

    def __enter__(self) -> Submitter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._user.submit(2, headers={"Prefer": "wait=0"})
            except (RequestRefused, httpx.HTTPError):
                self.refused += 1
            time.sleep(0.1)


def kill(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    redis = installation.stack.redis
    with installation.site(Layout(seconds=0.2)) as site:
        traffic, logged = Traffic(site.alice), _log_sizes(site)
        for _ in range(trials):
            traffic.keep_up(60)
            with Submitter(site.bob) as submitter:
                time.sleep(chance.uniform(0.2, 1))
                site.note("redis")
                redis.process.send(signal.SIGKILL)
                eventually("Redis is dead", lambda: not redis.process.is_running(), 5)
                time.sleep(chance.uniform(0, 0.5))
                redis.start()
                redis.wait_until_ready()
                back = time.time()
                observation.time(RESUMED, _first_write_after(site, back) - back)
            observation.count("refused", submitter.refused)
        observation.count("acknowledged", len(site.bob.accepted))
        observation.expect(not _says_so(site, logged, _LOSS, seconds=0), "a loss was reported, and nothing was lost")
        observation.check(check(site.journals()))


def _first_write_after(site: Site, moment: float) -> float:
    """When a leader next wrote about a scan; writes while nobody watched are not seen, so this is late at most."""

    def found() -> float | None:
        for write in reversed(site.reign().writes):
            if write.time < moment:
                break
            if write.key.startswith("tasker:scan:"):
                first[0] = write.time
        return first[0]

    first: list[float | None] = [None]
    return eventually("work resumes", found, 30)


def lose_tail(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """The last second of the log of writes is cut off while Redis is down. Running processes must say that something is
    gone, and must not go on as if nothing was."""
    redis = installation.stack.redis
    for _ in range(trials):
        with installation.site(Layout(seconds=0.2)) as site:
            Traffic(site.alice).keep_up()
            time.sleep(1)
            log = _append_only_file(redis.data)
            size = log.stat().st_size
            time.sleep(1)
            epoch, logged = site.epoch(), _log_sizes(site)
            redis.process.send(signal.SIGKILL)
            eventually("Redis is dead", lambda: not redis.process.is_running(), 5)
            with log.open("rb+") as file:
                file.truncate(size)
            redis.start()
            redis.wait_until_ready()
            observation.count("detected", _says_so(site, logged, _LOSS, seconds=12))
            eventually("a term that knows what Redis holds", lambda: site.epoch() > epoch, 10)
    observation.expect(observation.counts.get("detected", 0) == trials, "a loss was not reported")


def empty(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Running processes must not act on an empty Redis until a person has given its data up, whether the coordinators
    are restarted before (every second time) or not; nor may an epoch come again."""
    redis = installation.stack.redis
    for trial in range(trials):
        with installation.site(Layout(seconds=0.2, tap=True)) as site:
            Traffic(site.alice).keep_up()
            time.sleep(chance.uniform(0.5, 1.5))
            before, logged = site.epoch(), _log_sizes(site)
            lost = installation.redis("HGET", "tasker:installation", "id")
            redis.process.send(signal.SIGKILL)
            eventually("Redis is dead", lambda: not redis.process.is_running(), 5)
            for file in redis.data.glob("appendonlydir/*"):
                file.unlink()
            redis.start()
            redis.wait_until_ready()
            emptied = time.time()
            time.sleep(8)
            holder = installation.redis("HGET", "tasker:lock", "holder")
            observation.expect(not holder, f"{holder} leads an installation that is gone")
            sent = [one for one in site.tap.dispatches if one.time > emptied + 0.5]
            observation.expect(not sent, f"{len(sent)} tasks were dispatched after Redis came back empty")
            observation.count("said so", _says_so(site, logged, _FOREIGN, seconds=1))
            for part in [*site.coordinators, *site.apis]:
                ready = httpx.get(f"{part.server.url}/readyz")
                says = ready.status_code == 503 and f"accept-installation {lost}" in ready.text
                observation.expect(says, f"{part.server.name} is ready: {ready.text[:300]}")
            if trial % 2:
                for coordinator in site.coordinators:
                    coordinator.server.stop()
                for coordinator in site.coordinators:
                    site.revive(coordinator)
                site.leader()
            _expect_refusal(site, installation, observation)
            site.give_up(lost)
            site.leader()
            observation.expect(site.epoch() > before, f"epoch {site.epoch()} came after {before}")
            eventually("the API works again", lambda: httpx.get(f"{site.apis[0].server.url}/readyz").is_success, 5)
            scan = site.bob.finish(site.bob.submit(3))
            observation.expect(scan["done"] == 3, f"after the loss was accepted: {scan}")
    observation.expect(observation.counts.get("said so", 0) == trials, "an emptied Redis was not reported")


def _expect_refusal(site: Site, installation: Installation, observation: Observation) -> None:
    """The API remembers the installation, whatever the coordinators do."""
    answer = site.bob.post("run-nmap", site.bob.body(installation.take_block(1)), headers={"Prefer": "wait=1"})
    observation.expect(answer.status_code == 503, f"a submission: {answer.status_code} {answer.text[:200]}")
    answer = site.bob.get("stop-nmap")
    observation.expect(answer.status_code == 503, f"a stop: {answer.status_code} {answer.text[:200]}")


def _append_only_file(data: Path) -> Path:
    return max(data.glob("appendonlydir/*.incr.aof"), key=lambda file: file.stat().st_mtime)


def _log_sizes(site: Site) -> dict[str, int]:
    return {one.server.name: Path(one.server.process.log).stat().st_size for one in site.coordinators}


def _says_so(site: Site, logged: dict[str, int], wording: re.Pattern[bytes], seconds: float) -> bool:
    """Whether a coordinator's log says it in these words, in records since then."""

    def said() -> bool:
        return any(
            wording.search(Path(coordinator.server.process.log).read_bytes()[logged[coordinator.server.name]:])
            for coordinator in site.coordinators
        )

    try:
        return eventually("somebody says so", said, seconds)
    except NotReached:
        return False


def refuse(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Out of memory, read-only, slow: an answer is 503 or an acceptance that holds."""
    with installation.site(Layout(seconds=0.2)) as site:
        ways: list[tuple[str, Callable[[], None], Callable[[], None]]] = [
            ("out_of_memory", lambda: _redis(installation, "CONFIG", "SET", "maxmemory", "1"),
             lambda: _redis(installation, "CONFIG", "SET", "maxmemory", "0")),
            ("readonly", lambda: _redis(installation, "REPLICAOF", "127.0.0.1", "1"),
             lambda: _redis(installation, "REPLICAOF", "NO", "ONE")),
            ("slow", lambda: site.apis[0].redis.delay(1), lambda: site.apis[0].redis.delay(0)),
        ]
        for trial in range(trials):
            name, break_it, mend = ways[trial % len(ways)]
            scan = site.alice.submit(20)
            break_it()
            try:
                for _ in range(3):
                    targets = installation.take_block(2)
                    answer = site.bob.post("run-nmap", site.bob.body(targets), headers={"Prefer": "wait=1"})
                    observation.count(f"{name} {answer.status_code}")
                    observation.expect(
                        answer.status_code in (200, 202, 503), f"{name}: {answer.status_code} {answer.text[:200]}")
                    if answer.is_success:
                        site.bob.note_accepted(answer.json()["scan_id"], targets)
                time.sleep(chance.uniform(0, 3))
            finally:
                mend()
            site.alice.finish(scan)
        observation.check(check(site.journals()))


def _redis(installation: Installation, *command: str) -> None:
    installation.redis(*command)


ROWS = (
    Row("R1", "Redis kill -9, AOF always", "no acknowledged intent lost; work resumes within 5 s", 3, 100, kill,
        (Limit(RESUMED, 100, 5),), seconds=4),
    Row("R2", "AOF tail cut by 1 s (stands for power loss)", "what was seen and is gone is detected and reported", 1,
        50, lose_tail, seconds=15),
    Row("R3", "Redis comes back empty", "nobody acts until a person accepts the loss; no epoch twice", 1, 20, empty,
        seconds=35),
    Row("R4", "Redis out of memory, READONLY, 2 s latency", "503 or 202, never a false success", 3, 50, refuse,
        seconds=6),
)
