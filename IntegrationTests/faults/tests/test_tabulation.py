"""The tables of the documentation."""

from __future__ import annotations

from faults.row import Observation
from faults.rows import ROWS
from faults.portion import SUBJECTS
from faults.tabulation import tabulate

_RUN = {"date": "2026-11-23", "machine": "2 cores, 24 GB", "build": "release", "commit": "abc", "jobs": 8}


def _result(name: str, trials: int, observation: Observation) -> dict:
    result = SUBJECTS[name].result(trials, 7, observation)
    result["observed"]["run"] = _RUN
    return result


def test_a_met_row_shows_what_was_seen_and_its_bound() -> None:
    seen = Observation(samples={"takeover": [2.5, 3.25]}, counts={"said so": 1_200})
    table = tabulate([_result("L1", 30, seen)])
    assert "2026-11-23, seed 7, release programs of commit abc, 2 cores, 24 GB, 8 installations at a time." in table
    assert f"| L1 | 30 of 300 | {ROWS['L1'].figure} | met | " in table
    assert "takeover p50 2.5 s, p99 3.25 s, max 3.25 s; said so 1,200 | < 0.1 |" in table


def test_a_row_that_is_not_met_has_no_bound_and_names_a_violation() -> None:
    table = tabulate([_result("L6", 100, Observation(violations=["I6: late [L6 (5 trials, seed 9); journals]"]))])
    assert "| L6 | 100 | I6 | **not met** | 1 violations, the first: I6: late | - |" in table


def test_the_last_result_of_a_row_counts() -> None:
    table = tabulate([_result("L6", 5, Observation(violations=["I6: late"])), _result("L6", 100, Observation())])
    assert table.count("| L6 |") == 1 and "| L6 | 100 | I6 | met |" in table


def test_a_defence_is_shown_by_what_its_absence_violates() -> None:
    found = Observation(violations=["I5: 10.0.0.1 was started", "I5: 10.0.0.2 was started"])
    table = tabulate([_result("without tombstones", 1, found)])
    assert "| tombstones | X1 | the checker finds I5 | met | 2 violations of I5: I5: 10.0.0.1 was started |" in table
