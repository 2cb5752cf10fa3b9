"""Measures what Tasker has to reach, on a stack of its own; `scripts/bench` is its command line.

A group (`plan`, ...) is a list of measurements in a package of its own; `groups` knows them all. Each measurement gives
the figures of its goals, and the `runner` turns one that fails into figures that are missing.
"""
