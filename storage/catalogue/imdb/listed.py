"""The ids at IMDb that lists of films contain."""

import json
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import keyvalue
from storage.schema import settings_kv

_LISTED_IMDB = "listed-imdb:"
"""The beginning of the keys of `settings_kv` under which the IMDb ids of each list of films are
stored.
"""


async def store_listed_imdb(conn: AsyncConnection, source: str, imdb: Collection[str]) -> None:
    """Store the IMDb ids that a list of films contains, in place of those that it contained before.

    These ids are trusted. IMDb ids from data sets are not, because a data set also gives its ids to
    films that were matched with it by mistake.

    source: name of the list.
    """
    text = json.dumps(sorted(imdb))
    if await keyvalue.get_value(conn, _LISTED_IMDB + source) != text:
        await keyvalue.set_value(conn, _LISTED_IMDB + source, text)


async def listed_imdb(conn: AsyncConnection) -> frozenset[str]:
    """Returns the IMDb ids that lists of films give."""
    value = settings_kv.c.value
    rows = await conn.execute(select(value).where(settings_kv.c.key.startswith(_LISTED_IMDB)))
    return frozenset(one for text in rows.scalars() for one in json.loads(text))
