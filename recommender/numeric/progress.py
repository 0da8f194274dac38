"""The callbacks that report the progress of long work."""

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int], None]
"""Called after each step of a fit with two numbers: the steps done and the total of steps."""

StudyProgress: TypeAlias = Callable[[int, int, str], None]
"""Called before each step of an evaluation with the steps done, the total of steps, and the name of
the step that begins."""
