"""Stores the versions of the fitted model, and counts the people whose data were erased.

At most one version is live, which means that it answers requests.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.code_order import CodeOrder
from storage.keyvalue import get_value, set_value
from storage.schema import model_versions

_ERASURES_KEY = "erasures"


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A fitted model.

    Attributes:
        version: the model's name.
        path: name of the model's folder in the folder of models.
        fingerprint: hash of the data behind the model.
        trained_at: when the model was fitted, UTC.
        metrics: the record of its fit, such as its comparison with the live model, as JSON
            (`bot/services/training/fit_record.py`).
        is_live: True for the version that answers requests.
        promoted_at: when it last became live, UTC; None if it never was.
    """

    version: str
    path: str
    fingerprint: str
    trained_at: datetime
    metrics: Mapping[str, Any]
    is_live: bool = False
    promoted_at: datetime | None = None


async def register(conn: AsyncConnection, model: ModelVersion) -> None:
    """Store a new version of the model. It does not answer requests before `promote` is called.

    Raises IntegrityError if the version exists.
    """
    row = asdict(model) | {"metrics": dict(model.metrics), "is_live": False, "promoted_at": None}
    await conn.execute(insert(model_versions).values(row))


# Built once, because building a statement takes longer than running it.
_LIVE = select(model_versions).where(model_versions.c.is_live)
_VERSIONS = select(model_versions).order_by(
    model_versions.c.trained_at.desc(), CodeOrder(model_versions.c.version).desc()
)


async def live(conn: AsyncConnection) -> ModelVersion | None:
    """Returns the version that answers requests; None if no version is live."""
    row = (await conn.execute(_LIVE)).one_or_none()
    return None if row is None else ModelVersion(**row._mapping)


async def get(conn: AsyncConnection, version: str) -> ModelVersion | None:
    """Returns one version; None if it is unknown."""
    found = await conn.execute(select(model_versions).where(model_versions.c.version == version))
    row = found.one_or_none()
    return None if row is None else ModelVersion(**row._mapping)


async def promote(conn: AsyncConnection, version: str, *, now: datetime) -> None:
    """Let `version` answer requests from now on. Raises LookupError if it is unknown."""
    count = select(func.count()).where(model_versions.c.version == version)
    if (await conn.execute(count)).scalar_one() == 0:
        raise LookupError(f"there is no model of version {version}")
    await conn.execute(update(model_versions).values(is_live=model_versions.c.version == version))
    await conn.execute(
        update(model_versions).where(model_versions.c.version == version).values(promoted_at=now)
    )


async def retire(conn: AsyncConnection) -> None:
    """Take the version that answers requests out of service, so that no version answers."""
    await conn.execute(update(model_versions).values(is_live=False))


async def remove(conn: AsyncConnection, version: str) -> None:
    """Delete a version. Nothing happens if it is unknown."""
    await conn.execute(delete(model_versions).where(model_versions.c.version == version))


async def versions(conn: AsyncConnection) -> tuple[ModelVersion, ...]:
    """Returns all versions, newest first."""
    rows = await conn.execute(_VERSIONS)
    return tuple(ModelVersion(**row._mapping) for row in rows)


async def erasures(conn: AsyncConnection) -> int:
    """Returns how many people have had their data erased so far."""
    return int(await get_value(conn, _ERASURES_KEY) or 0)


async def count_erasure(conn: AsyncConnection) -> None:
    """Count one more person whose data were erased.

    Each model stores this count at the time of its fit. If the count is higher now, the model may
    have learned from the ratings of somebody whose data were erased since.
    """
    await set_value(conn, _ERASURES_KEY, str(await erasures(conn) + 1))
