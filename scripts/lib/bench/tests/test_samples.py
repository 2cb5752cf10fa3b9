"""Percentiles by nearest rank."""

from bench.samples import median, percentile


def test_percentiles_are_samples():
    samples = list(range(200, 0, -1))
    assert percentile(samples, 99) == 198
    assert percentile(samples, 100) == 200
    assert percentile(samples, 0) == 1


def test_a_single_sample_is_every_percentile():
    assert [percentile([7], percent) for percent in (0, 50, 99, 100)] == [7] * 4


def test_the_median_of_an_odd_number_of_samples_is_the_middle_one():
    assert median([9, 1, 5]) == 5
