"""A measurement that fails does not end the run."""

from bench.errors import MeasurementError
from bench.figure import Goal, at_most
from bench.measurement import Measurement
from bench.runner import run

SLOW, FAST = Goal("slow", "ms", at_most(1)), Goal("fast", "ms", at_most(1))


def broken(_: object):
    yield SLOW.figure(0.5)
    raise MeasurementError("the route is not there")


def test_figures_of_a_failed_measurement_are_missing_and_the_others_are_there():
    said: list[str] = []
    measurements = [
        Measurement("broken", (SLOW,), broken),
        Measurement("whole", (FAST,), lambda _: [FAST.figure(0.5)]),
    ]
    slow, fast = run(measurements, installation=None, progress=said.append)
    assert (slow.value, slow.met) == (None, False)
    assert (fast.value, fast.met) == (0.5, True)
    assert any("the route is not there" in line for line in said)
