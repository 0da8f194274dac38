"""The callbacks that report the progress of long work."""

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int], None]
"""Called after each step of a fit with the steps done and the steps in all."""

StudyProgress: TypeAlias = Callable[[int, int, str], None]
"""Called before each step of a study with the steps done, the steps in all, and a name for the
step that comes next."""
