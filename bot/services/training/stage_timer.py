"""Times the stages of a fit and reports how far it has come."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.services.training.fit_messages import StageProgress

PROGRESS_SECONDS = 0.2  # between two reports of progress within a stage


@dataclass
class StageTimer:
    """Times the stages of a fit and reports their progress.

    Attributes:
        send: is called with each report of progress.
        seconds: how long each stage took, seconds, by its name.
    """

    send: Callable[[StageProgress], None]
    seconds: dict[str, float] = field(default_factory=dict)
    _stage: str = ""
    _sent_at: float = 0.0

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measures how long the `with` block takes, as the stage `name` of the fit."""
        self._stage = name
        self.send(StageProgress(name))
        began = time.monotonic()
        try:
            yield
        finally:
            taken = time.monotonic() - began
            self.seconds[name] = round(self.seconds.get(name, 0.0) + taken, 3)

    def progress(self, done: int, total: int) -> None:
        """Reports how many steps of the stage are done, at most a few times a second."""
        if time.monotonic() - self._sent_at > PROGRESS_SECONDS or done == total:
            self._sent_at = time.monotonic()
            self.send(StageProgress(self._stage, done, total))
