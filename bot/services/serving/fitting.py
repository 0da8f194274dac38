"""Whether a fit runs in this process."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Fitting:
    """Whether a fit runs in this process, and when the last one failed."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    failed_at: datetime | None = None
