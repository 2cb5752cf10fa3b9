"""How trials are divided."""

from __future__ import annotations

from faults.portion import SUBJECTS, longest_first, portions


def test_portions_have_all_trials_and_seeds_of_their_own() -> None:
    for name in SUBJECTS:
        found = portions(name, 301, seed=7)
        assert sum(portion.trials for portion in found) == 301
        assert [portion.seed for portion in found] == list(range(7, 7 + len(found)))


def test_a_portion_repeated_alone_is_itself() -> None:
    for portion in portions("L3", 300, seed=7):
        assert portions("L3", portion.trials, portion.seed) == [portion]


def test_long_portions_begin_first() -> None:
    found = longest_first([*portions("A1", 10, 1), *portions("S1L", 1, 1), *portions("R3", 2, 1)])
    assert [portion.name for portion in found] == ["S1L", "R3", "A1"]
