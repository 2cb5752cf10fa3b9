"""Tasker and everything around it as processes on loopback: for the demo, the tests, and work on Tasker itself.

`Stack` runs the whole; each server can also be used alone in a `Workspace`, as tests do.
"""

from .process import StackError
from .stack import COMPONENTS, Size, Stack
from .workspace import Workspace

__all__ = ["COMPONENTS", "Size", "Stack", "StackError", "Workspace"]
