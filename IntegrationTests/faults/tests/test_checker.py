"""The checker finds nothing in clean journals, and each kind of violation in journals that have it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from faults.checker import check, check_nothing_lost
from faults.epochs import LeaderWrite, Reign, Term
from faults.journals import Accepted, Dispatch, Ending, Fault, Import, Journals, Receipt, WorkerEntry
from faults.worker.reports import LEDGER_PORTS

A, B = "10.0.0.1", "10.0.0.2"


def work(event: str, time: float, ip: str = A, **changes) -> WorkerEntry:
    entry = WorkerEntry(time, event, "w1", 100, f"task-{ip}", "scan", "project", ip, "open_ports", 1)
    return replace(entry, **changes)


def clean() -> Journals:
    """One scan of two targets, done and uploaded."""
    return Journals(
        accepted=[Accepted("scan", "project", frozenset({A, B}), 1)],
        endings=[Ending("scan", "completed", {"done": 2}, ((A, "done", None), (B, "done", None)))],
        work=[work("started", 2), work("started", 2, B), work("ended", 3), work("ended", 3, B)],
        imports=[Import(4, "project", {A: LEDGER_PORTS, B: LEDGER_PORTS}, True)],
        reign=Reign([Term(7, "c1", 0)], [LeaderWrite(1, 7, 7, "HSET", "tasker:scan:scan")]),
    )


def stopped() -> Journals:
    """The scan was stopped at 5: A was done, B was cut off."""
    journals = clean()
    journals.endings = [
        Ending("scan", "stopped", {"done": 1, "cancelled": 1}, ((A, "done", None), (B, "cancelled", None)))]
    journals.imports = [Import(4, "project", {A: LEDGER_PORTS}, True)]
    journals.work = [work("started", 2), work("ended", 3), work("started", 3, B), work("terminated", 5.1, B)]
    journals.receipts = [Receipt("project", frozenset({"scan"}), 4.5, 5, "stopped", 1, 0, 0)]
    journals.dispatches = [Dispatch(2, f"task-{A}", "scan")]
    return journals


def found(journals: Journals) -> set[str]:
    return {violation.invariant for violation in check(journals)}


@pytest.mark.parametrize("journals", [clean(), stopped()])
def test_clean_journals_have_no_violation(journals: Journals) -> None:
    assert check(journals) == []


def test_a_scan_that_vanished_is_found() -> None:
    journals = clean()
    journals.endings = []
    assert "I1" in found(journals)


@pytest.mark.parametrize("report", [
    ((A, "done", None),),
    ((A, "done", None), (B, "done", None), (B, "done", None)),
    ((A, "done", None), (B, "pending", None)),
    ((A, "done", None), (B, "done", None), ("10.0.0.3", "done", None)),
])
def test_a_target_without_exactly_one_outcome_is_found(report: tuple) -> None:
    journals = clean()
    journals.endings = [replace(journals.endings[0], report=report)]
    assert "I1" in found(journals)


def test_a_scan_that_was_stopped_before_its_plan_has_no_list() -> None:
    journals = clean()
    journals.endings = [Ending("scan", "stopped", {"done": 0}, ())]
    journals.imports, journals.work = [], []
    assert check(journals) == []
    journals.endings = [Ending("scan", "completed", {"done": 0}, ())]
    assert found(journals) == {"I1"}


def test_counts_that_are_not_those_of_the_report_are_found() -> None:
    journals = clean()
    journals.endings = [replace(journals.endings[0], counts={"done": 1, "failed": 1})]
    assert found(journals) == {"I1"}


def test_an_execution_too_many_is_found_unless_a_fault_touched_the_task() -> None:
    journals = clean()
    journals.work = [*journals.work, work("started", 6)]
    assert found(journals) == {"I2"}
    journals.faults = [Fault(5, "leader")]
    assert check(journals) == []
    journals.faults = [Fault(5, "worker", pid=100)]
    assert check(journals) == []
    journals.faults = [Fault(5, "worker", pid=999), Fault(5, "redis"), Fault(7, "leader")]
    assert found(journals) == {"I2"}


def test_a_second_upload_is_found() -> None:
    journals = clean()
    journals.imports = [*journals.imports, Import(5, "project", {A: LEDGER_PORTS}, True)]
    assert found(journals) == {"I3"}


def test_an_upload_that_is_missing_is_found() -> None:
    journals = clean()
    journals.imports = [Import(4, "project", {A: LEDGER_PORTS}, True)]
    assert found(journals) == {"I3"}


def test_an_upload_with_other_ports_is_found() -> None:
    journals = clean()
    journals.imports = [Import(4, "project", {A: LEDGER_PORTS, B: frozenset({"80/tcp/closed"})}, True)]
    assert found(journals) == {"I3"}


def test_a_host_that_was_down_is_not_uploaded() -> None:
    journals = clean()
    journals.endings = [replace(journals.endings[0], report=((A, "done", "down"), (B, "done", None)))]
    assert found(journals) == {"I3"}
    journals.imports = [Import(4, "project", {B: LEDGER_PORTS}, True)]
    assert check(journals) == []


def test_a_scan_that_does_not_end_is_found() -> None:
    journals = clean()
    journals.endings = [replace(journals.endings[0], state="running")]
    assert found(journals) == {"I4"}


@pytest.mark.parametrize("change", [
    {"dispatches": [Dispatch(5.2, "task-x", "scan")]},
    {"work": [*stopped().work, work("started", 5.5, B), work("terminated", 5.6, B)], "faults": [Fault(5.4, "leader")]},
    {"work": [work("started", 2), work("ended", 3), work("started", 3, B), work("ended", 10.5, B)]},
])
def test_work_after_a_stop_is_found(change: dict) -> None:
    assert found(replace(stopped(), **change)) == {"I5"}


def test_the_upload_of_a_cancelled_target_is_found() -> None:
    journals = stopped()
    journals.imports = [*journals.imports, Import(6, "project", {B: LEDGER_PORTS}, True)]
    assert "I5" in found(journals)


def test_another_projects_work_after_a_stop_is_none_of_its_business() -> None:
    journals = stopped()
    journals.dispatches = [Dispatch(6, "task-y", "another scan")]
    assert check(journals) == []


@pytest.mark.parametrize("reign", [
    Reign([], [LeaderWrite(1, 6, 7, "HSET", "tasker:scan:scan")]),
    Reign([], [LeaderWrite(1, 6, None, "HSET", "tasker:scan:scan")]),
    Reign([Term(7, "c1", 0), Term(7, "c2", 1)], []),
    Reign([Term(7, "c1", 0), Term(6, "c2", 1)], []),
])
def test_a_write_under_an_old_epoch_and_an_epoch_given_out_twice_are_found(reign: Reign) -> None:
    journals = clean()
    journals.reign = reign
    assert found(journals) == {"I6"}


def test_a_submission_without_an_answer_may_have_been_accepted() -> None:
    journals = clean()
    stray = Import(4, "project", {"10.0.0.9": LEDGER_PORTS}, True)
    journals.imports = [*journals.imports, stray]
    assert found(journals) == {"I3", "I7"}
    journals.uncertain = frozenset({"10.0.0.9"})
    assert check(journals) == []


def test_what_one_project_sees_of_another_is_found() -> None:
    journals = clean()
    journals.imports = [Import(4, "other", {A: LEDGER_PORTS}, True), Import(4, "project", {B: LEDGER_PORTS}, True)]
    assert "I7" in found(journals)
    journals = clean()
    journals.work = [replace(entry, project="other") for entry in journals.work]
    assert found(journals) == {"I7"}


def test_a_second_attempt_and_a_failed_target_are_losses_where_none_can_fail() -> None:
    assert check_nothing_lost(clean()) == []
    journals = clean()
    journals.work = [*journals.work, work("started", 6, attempt=2)]
    assert len(check_nothing_lost(journals)) == 1
    journals = clean()
    journals.endings = [replace(journals.endings[0], report=((A, "done", None), (B, "failed", "lost")))]
    assert len(check_nothing_lost(journals)) == 1
