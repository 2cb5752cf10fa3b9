"""Whether a figure is met, and beside what it stands."""

from bench.figure import Goal, at_least, at_most, ratio_at_least, ratio_at_most


def test_a_limit_is_met_up_to_and_including_itself():
    goal = Goal("latency", "ms", at_most(25))
    assert goal.figure(25).met
    assert not goal.figure(25.1).met


def test_without_a_peer_a_figure_stands_beside_its_limit():
    figure = Goal("rate", "lines/s", at_least(200)).figure(300)
    assert (figure.beside, figure.ratio, figure.met) == (200, 1.5, True)
    assert figure.reach == "at least 200"


def test_a_ratio_is_to_the_peer():
    goal = Goal("latency", "ms", ratio_at_most(2))
    assert goal.figure(10, beside=5).met
    assert not goal.figure(10, beside=4.9).met


def test_one_of_several_conditions_is_enough():
    goal = Goal("rate", "names/s", at_least(20_000), ratio_at_least(0.5))
    assert goal.figure(20_000, beside=1_000_000).met
    assert goal.figure(500, beside=1_000).met
    assert not goal.figure(499, beside=1_000).met
    assert goal.reach == "at least 20,000 or ratio at least 0.5"


def test_a_limit_of_zero_has_no_ratio():
    goal = Goal("refused", "names", at_most(0))
    assert goal.figure(0).met
    assert goal.figure(0).ratio is None
    assert not goal.figure(1).met


def test_a_missing_figure_is_not_met():
    figure = Goal("refused", "names", at_most(0)).missing()
    assert figure.value is None
    assert not figure.met
