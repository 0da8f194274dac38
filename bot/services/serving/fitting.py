"""Whether this process is fitting a model, and whether its last fit failed."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Fitting:
    """Whether this process is fitting a model, and whether its last fit failed.

    Attributes:
        lock: held while a fit runs.
        failed_at: when the last fit failed, UTC; None if it succeeded, or before the first fit.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    failed_at: datetime | None = None
