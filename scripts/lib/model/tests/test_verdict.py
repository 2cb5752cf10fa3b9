"""Judging and reading the verifier's reports."""

from dataclasses import replace

import pytest

from model import spin
from model.runs import MUTATIONS, WHOLE, Run
from model.verdict import Verdict

REPORT = """
pan:1: assertion violated ( !(imported_once)|| !(imported[(result[self]/2)])) (at depth 83)
Warning: Search not completed
State-vector 120 byte, depth reached 83, errors: 1
      792 states, stored
  128.730\ttotal actual memory usage
"""
QUIET_REPORT = """
State-vector 120 byte, depth reached 7503, errors: 0
  2.5298072e+06 states, stored
  431.876\ttotal actual memory usage
"""
MUTATION = Run("NO_READ_BACK", "", {}, refuted_by="imported_once")


def test_a_report_names_the_invariant_that_is_violated():
    found = spin.parse(REPORT, seconds=0.5)
    assert (found.violation, found.states, found.megabytes) == ("imported_once", 792, 128.73)


def test_a_report_without_errors_tells_how_many_states_there_are():
    found = spin.parse(QUIET_REPORT, seconds=0.5)
    assert (found.violation, found.is_complete, found.states) == (None, True, 2_529_807)


def test_a_report_that_stops_in_the_middle_is_an_error():
    with pytest.raises(spin.SpinError):
        spin.parse("Depth= 100 States= 1e+06", seconds=0.5)


def test_a_mutation_that_is_not_refuted_fails():
    failure = Verdict(MUTATION, spin.parse(QUIET_REPORT, seconds=0.5)).failure
    assert failure == "mutation NO_READ_BACK was not refuted: imported_once holds without it"


def test_a_mutation_that_another_invariant_refutes_fails():
    assert Verdict(replace(MUTATION, refuted_by="accounts_add_up"), spin.parse(REPORT, seconds=0.5)).failure
    assert Verdict(MUTATION, spin.parse(REPORT, seconds=0.5)).failure is None


def test_the_whole_model_must_hold_and_be_searched_to_the_end():
    whole = Run("whole", "", {})
    assert Verdict(whole, spin.parse(QUIET_REPORT, seconds=0.5)).failure is None
    assert Verdict(whole, spin.parse(REPORT, seconds=0.5)).failure == "whole: imported_once is violated"
    cut = QUIET_REPORT + "error: max search depth too small\n"
    assert Verdict(whole, spin.parse(cut, seconds=0.5)).failure == "whole: not all states were visited"


def test_each_invariant_is_seen_to_break():
    broken = {run.refuted_by for run in MUTATIONS}
    assert len(broken) == 11
    assert all(run.refuted_by is None for run in WHOLE)
