"""The state of fitting in this process."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Fitting:
    """The state of fitting in this process.

    Attributes:
        lock: held while a fit runs.
        failed_at: when the last fit failed, UTC; None if it succeeded or none has run.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    failed_at: datetime | None = None
