"""What the tests of movie nights share: members with tastes, and looks at what they see."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from bot.playground import Person
from bot.playground.testing import Outcome, buttons_of, text_of
from bot.services.app import App
from bot.services.catalogue.search import film_value
from tests.house import Visit, until

WHEN = "in 3 hours"
GENRES = {"mira": "Romance", "june": "Crime"}
"""The genre that each of two members loves."""

SCREEN = "Screening room"
FILMS = "films"


@asynccontextmanager
async def members(visit: Visit, *names: str) -> AsyncIterator[list[Person]]:
    """Yields the named members of a club."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(visit.member(name)) for name in names]


async def rate_taste(app: App, person: Person, name: str) -> None:
    """Rates six films of the genre that this member loves."""
    films = app.live.served.library.films.values()
    loved = [film.id for film in films if film.genres[:1] == (GENRES[name],)]
    for film in loved[:6]:
        outcome = await person.command(FILMS, "rate", film=film_value(film), stars=5.0)
        assert "Got it" in outcome.text


async def agree(person: Person) -> None:
    """Agrees to show one's taste in this server."""
    panel = (await person.command(FILMS, "settings")).message
    await person.click(panel, "Show my taste here")


async def plan(planner: Person, *others: Person, **options: Any) -> Outcome:
    """Plans a night with these members."""
    mentions = " ".join(f"<@{one.id}>" for one in others)
    options = {"when": WHEN, "members": mentions or None} | options
    return await planner.command(FILMS, "movienight plan", **options)


def titles(text: str) -> list[str]:
    """Returns the titles of a shortlist."""
    return [line.split("**")[1] for line in text.splitlines() if line[:1].isdigit()]


async def found_message(person: Person, words: str, channel: str | int = FILMS) -> dict[str, Any]:
    """Waits for a message with these words, and returns it."""
    found: list[dict[str, Any]] = []

    async def came() -> bool:
        messages = await person.messages(channel, 100)
        found[:] = [one for one in messages if words in text_of(one)]
        return bool(found)

    await until(came, f"a message with {words!r}")
    return found[-1]


async def found_poll(person: Person, channel: str | int = FILMS) -> dict[str, Any]:
    """Waits for a poll, and returns its message."""
    found: list[dict[str, Any]] = []

    async def came() -> bool:
        found[:] = [one for one in await person.messages(channel, 100) if one.get("poll")]
        return bool(found)

    await until(came, "a poll")
    return found[-1]


async def shows(person: Person, message: dict[str, Any], words: str) -> dict[str, Any]:
    """Waits until a message shows these words, and returns it."""
    latest: list[dict[str, Any]] = []

    async def shown() -> bool:
        now = await person.message(message)
        latest[:] = [now] if now else []
        return now is not None and words in text_of(now)

    await until(shown, f"the message shows {words!r}")
    return latest[0]


def labels(message: dict[str, Any] | None) -> Sequence[str]:
    """Returns the labels of a message's buttons."""
    assert message is not None
    return list(buttons_of(message))


def state(visit: Visit) -> tuple[str, str | None]:
    """Returns the state of the newest night, and how its film was chosen."""
    ((found, how),) = visit.rows(
        "select state, chosen_by from nights where guild_id = ? order by id desc limit 1",
        visit.guild.id,
    )
    return found, how


async def reaches(visit: Visit, wanted: str) -> None:
    """Waits until the newest night is in a state."""
    await until(lambda: state(visit)[0] == wanted, f"the night is {wanted}")
