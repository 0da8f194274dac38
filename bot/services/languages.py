"""The languages that people and servers chose, kept in memory.

An answer needs the language before it reads anything else, so it is not read from the database each
time. Whatever changes or deletes a choice in the database changes it here too.
"""

from dataclasses import dataclass, field

from storage.database.engine import Database
from storage.people import preferences
from storage.servers import guilds


@dataclass(frozen=True)
class ChosenLanguages:
    """The languages that people and servers chose in place of those of their Discord.

    Attributes:
        people: the code of the language of private messages, by the person's id.
        servers: the code of the language of public messages, by the server's id.
    """

    people: dict[int, str] = field(default_factory=dict)
    servers: dict[int, str] = field(default_factory=dict)


async def read_chosen(db: Database) -> ChosenLanguages:
    """Returns the languages that people and servers chose."""
    async with db.read() as conn:
        return ChosenLanguages(await preferences.languages(conn), await guilds.languages(conn))


def keep(chosen: dict[int, str], owner: int, code: str | None) -> None:
    """Changes the language of a person or of a server in memory.

    chosen: the languages of people, or of servers, by id.
    owner: the id of the person or the server.
    code: None for the language of their Discord.
    """
    if code is None:
        chosen.pop(owner, None)
    else:
        chosen[owner] = code
