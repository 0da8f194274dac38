"""Texts are sorted by the codes of their letters, whatever order the server of a database has."""

from storage.catalogue import films
from storage.catalogue.films import Tag
from storage.database.engine import Database
from tests.storage.samples import NOW

SLUGS = ["B-movie", "Zorro", "b-movie", "bb", "bmovie", "ähnlich"]


async def test_tags_are_in_the_order_of_their_codes(db: Database) -> None:
    vocabulary = [Tag(slug, "mood", slug, "", ()) for slug in reversed(SLUGS)]
    async with db.write() as conn:
        await films.merge(conn, [], source="starter", now=NOW, tags=vocabulary)
        assert [tag.slug for tag in await films.all_tags(conn)] == SLUGS == sorted(SLUGS)
