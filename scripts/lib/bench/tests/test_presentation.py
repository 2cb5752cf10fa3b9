"""What is printed, and what programs read."""

import json

from bench.figure import Goal, at_most
from bench.presentation import document, number, table


def test_the_document_has_one_object_for_each_figure():
    goal = Goal("latency", "ms", at_most(25))
    assert json.loads(document([goal.figure(5), goal.missing()])) == [
        {"name": "latency", "value": 5, "unit": "ms", "beside": 25, "ratio": 0.2, "reach": "at most 25", "met": True},
        {"name": "latency", "value": None, "unit": "ms", "beside": None, "ratio": None, "reach": "at most 25",
         "met": False},
    ]


def test_the_table_says_what_is_not_met():
    goal = Goal("latency", "ms", at_most(25))
    _, met, missed, missing = table([goal.figure(5), goal.figure(26), goal.missing()]).splitlines()
    assert met.endswith("yes")
    assert missed.endswith("NO")
    assert missing.endswith("NO")


def test_numbers_keep_three_digits_and_everything_before_the_point():
    assert [number(value) for value in (None, 0.01234, 4.567, 99.94, 123_456.7)] == [
        "-", "0.0123", "4.57", "99.9", "123,457"]
