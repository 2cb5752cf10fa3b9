"""A1: clients that repeat themselves."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor

from ..installation import Installation, Layout
from ..row import Observation, Row

_COPIES = 4


def repeats(installation: Installation, trials: int, chance: random.Random, observation: Observation) -> None:
    """Each request goes to both replicas, twice and at the same time, and once more later."""
    with installation.site(Layout(apis=2, workers=0)) as site, ThreadPoolExecutor(_COPIES) as threads:
        alice = site.alice
        urls = [f"{api.server.url}/tasks/{alice.project}/run-nmap" for api in site.apis]
        for trial in range(trials):
            targets = installation.take_block(2)
            body = alice.body(targets, dry_run=True)
            headers = {"Idempotency-Key": f"{chance.getrandbits(64):x}-{trial}"}

            def post(number: int) -> tuple[str, int]:
                time.sleep(chance.uniform(0, 0.004))
                answer = alice.http.post(urls[number % 2], json=body, headers=headers)
                answer.raise_for_status()
                return answer.json()["scan_id"], answer.headers.get("Idempotency-Replayed") == "true"

            answers = [*threads.map(post, range(_COPIES)), post(trial)]
            scans = {scan for scan, _ in answers}
            observation.expect(len(scans) == 1, f"one key led to {len(scans)} scans")
            firsts = sum(not replayed for _, replayed in answers)
            observation.expect(firsts == 1, f"{firsts} answers say that they are the first")
            alice.note_accepted(scans.pop(), targets)
        stored = int(installation.redis("ZCARD", f"tasker:project:{alice.project}:scans") or -1)
        observation.expect(stored in (-1, trials), f"{stored} scans are stored after {trials} requests")
        observation.count("posts", trials * (_COPIES + 1))


ROWS = (
    Row("A1", "client repeats a POST with the same Idempotency-Key", "one scan", 30, 1000, repeats, seconds=0.2),
)
