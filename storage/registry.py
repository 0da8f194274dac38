"""Fitted models by version and which one is live; and small facts that Matinee keeps for itself."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.keyvalue import get_value, set_value
from storage.schema import model_versions

_ERASURES = "erasures"


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A fitted model: `path` under the folder of models, `fingerprint` of the data behind it;
    `promoted_at`: when it was last made live, None for one that never was."""

    version: str
    path: str
    fingerprint: str
    trained_at: datetime
    metrics: Mapping[str, Any]
    is_live: bool = False
    promoted_at: datetime | None = None


async def register(conn: AsyncConnection, model: ModelVersion) -> None:
    """Keep a new version; it is not live yet. Raises IntegrityError where the version exists."""
    row = asdict(model) | {"metrics": dict(model.metrics), "is_live": False, "promoted_at": None}
    await conn.execute(insert(model_versions).values(row))


async def live(conn: AsyncConnection) -> ModelVersion | None:
    """The version that answers, or None before the first."""
    row = (await conn.execute(select(model_versions).where(model_versions.c.is_live))).one_or_none()
    return None if row is None else ModelVersion(**row._mapping)


async def get(conn: AsyncConnection, version: str) -> ModelVersion | None:
    """One version, or None for an unknown one."""
    found = await conn.execute(select(model_versions).where(model_versions.c.version == version))
    row = found.one_or_none()
    return None if row is None else ModelVersion(**row._mapping)


async def promote(conn: AsyncConnection, version: str, *, now: datetime) -> None:
    """Let `version` answer from now on. Raises LookupError for an unknown one."""
    known = select(func.count()).where(model_versions.c.version == version)
    if (await conn.execute(known)).scalar_one() == 0:
        raise LookupError(f"there is no model of version {version}")
    await conn.execute(update(model_versions).values(is_live=model_versions.c.version == version))
    await conn.execute(
        update(model_versions).where(model_versions.c.version == version).values(promoted_at=now)
    )


async def retire(conn: AsyncConnection) -> None:
    """Let no version answer from now on."""
    await conn.execute(update(model_versions).values(is_live=False))


async def remove(conn: AsyncConnection, version: str) -> None:
    """Forget a version; nothing happens for an unknown one."""
    await conn.execute(delete(model_versions).where(model_versions.c.version == version))


async def versions(conn: AsyncConnection) -> tuple[ModelVersion, ...]:
    """All versions, newest first."""
    rows = await conn.execute(
        select(model_versions).order_by(
            model_versions.c.trained_at.desc(), model_versions.c.version.desc()
        )
    )
    return tuple(ModelVersion(**row._mapping) for row in rows)


async def erasures(conn: AsyncConnection) -> int:
    """How many people have had what we know of them deleted, so far."""
    return int(await get_value(conn, _ERASURES) or 0)


async def count_erasure(conn: AsyncConnection) -> None:
    """Note that one more person was deleted; models fitted before still know them."""
    await set_value(conn, _ERASURES, str(await erasures(conn) + 1))
