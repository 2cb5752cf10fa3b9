"""Terms and leaders' writes are read from what MONITOR shows."""

from __future__ import annotations

from faults.epochs import LeaderWrite, Term, reign
from faults.redis_feed import RECONNECTED, Command

ACQUIRED = [
    '+1.0 [3 127.0.0.1:5] "EVALSHA" "s0" "2" "tasker:lock" "tasker:installation" "c1.x" "" "" "" "id" "6"',
    '+1.1 [3 lua] "HMGET" "tasker:lock" "epoch" "renewals" "holder"',
    '+1.2 [3 lua] "HSET" "tasker:lock" "holder" "c1.x" "epoch" "7"',
    '+1.2 [3 lua] "HINCRBY" "tasker:lock" "renewals" "1"',
]


def commands(lines: list[str]) -> list[Command]:
    return [command for line in lines if (command := Command.parse(line))]


def test_a_term_begins_with_the_lock_record() -> None:
    assert reign(commands(ACQUIRED)).terms == [Term(7, "c1.x", 1.2)]
    assert reign(commands(ACQUIRED)).writes == []


def test_a_leaders_write_has_its_own_epoch_and_that_of_the_record() -> None:
    lines = [
        *ACQUIRED,
        '+2.0 [3 127.0.0.1:5] "EVALSHA" "s1" "2" "tasker:lock" "tasker:scan:a" "6" "c0.x" "12"',
        '+2.1 [3 lua] "HMGET" "tasker:lock" "epoch" "holder"',
        '+2.2 [3 lua] "HSET" "tasker:scan:a" "state" "running"',
        '+2.3 [3 127.0.0.1:5] "HSET" "somebody:else" "a" "b \\" c"',
    ]
    assert reign(commands(lines)).writes == [
        LeaderWrite(2.2, 6, 7, "HSET", "tasker:scan:a", ("state", "running"))]


def test_a_refused_script_writes_nothing() -> None:
    lines = [
        *ACQUIRED,
        '+2.0 [3 127.0.0.1:5] "EVALSHA" "s1" "1" "tasker:lock" "6" "c0.x"',
        '+2.1 [3 lua] "HMGET" "tasker:lock" "epoch" "holder"',
    ]
    assert reign(commands(lines)).writes == []


def test_without_a_record_there_is_no_current_epoch() -> None:
    lines = [
        *ACQUIRED,
        '+2.0 [3 127.0.0.1:9] "DEL" "tasker:lock"',
        '+2.1 [3 127.0.0.1:5] "EVALSHA" "s1" "1" "tasker:lock" "7" "c1.x"',
        '+2.2 [3 lua] "HINCRBY" "tasker:lock" "renewals" "1"',
    ]
    (write,) = reign(commands(lines)).writes
    assert (write.epoch, write.current) == (7, None)


def test_a_term_that_began_while_nobody_watched_is_known_by_its_writes() -> None:
    lines = [
        '+3.0 [3 127.0.0.1:5] "EVALSHA" "s1" "1" "tasker:lock" "8" "c0.x"',
        '+3.1 [3 lua] "HINCRBY" "tasker:lock" "renewals" "1"',
        '+3.2 [3 127.0.0.1:5] "EVALSHA" "s1" "1" "tasker:lock" "7" "c1.x"',
        '+3.3 [3 lua] "HINCRBY" "tasker:lock" "renewals" "1"',
    ]
    seen = [*commands(ACQUIRED), Command(2.5, False, (RECONNECTED,)), *commands(lines)]
    assert [(write.epoch, write.current) for write in reign(seen).writes] == [(8, 8), (7, 8)]
