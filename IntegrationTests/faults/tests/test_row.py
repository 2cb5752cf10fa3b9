"""Percentiles, limits and bounds."""

from __future__ import annotations

from faults.row import Limit, Observation, bound, percentile


def test_percentiles_are_samples() -> None:
    samples = [float(number) for number in range(200, 0, -1)]
    assert percentile(samples, 99) == 198
    assert percentile(samples, 100) == 200
    assert percentile([7], 1) == 7


def test_a_limit_is_met_up_to_and_including_itself() -> None:
    observation = Observation(samples={"takeover": [1.0, 2.0]})
    assert Limit("takeover", 100, 2.0).broken_by(observation) is None
    assert Limit("takeover", 100, 1.9).broken_by(observation) is not None


def test_a_limit_on_what_was_not_measured_is_broken() -> None:
    assert Limit("takeover", 100, 2.0).broken_by(Observation()) is not None


def test_trials_without_failure_bound_the_rate_and_promise_nothing() -> None:
    assert "0.01" in bound(300, 0)
    assert "2 violations" in bound(300, 2)
    assert bound(0, 0) == "no trials"


def test_observations_of_portions_are_judged_together() -> None:
    seen = Observation(samples={"takeover": [1.0]}, counts={"kills": 1}, violations=["I1: one"], seconds=2)
    seen.add(Observation(samples={"takeover": [9.0]}, counts={"kills": 2, "stops": 1}, seconds=3))
    assert Limit("takeover", 100, 5.0).broken_by(seen) is not None
    assert seen.counts == {"kills": 3, "stops": 1} and seen.violations == ["I1: one"] and seen.seconds == 5
