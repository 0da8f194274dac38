"""Films of answers that never came count as shown nowhere, whatever kind of answer it was."""

from collections.abc import AsyncIterator

import pytest

from bot.client import reply
from bot.cogs import interaction
from bot.playground import Person
from bot.playground.records import permissions
from storage.errors import DatabaseBusy
from tests.house import FEW_FILMS, House, Visit, running, until


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with running(tmp_path_factory.mktemp("house"), max_films=FEW_FILMS) as house:
        yield house


@pytest.fixture
async def visit(house: House) -> AsyncIterator[Visit]:
    yield house.club()
    house.local.faults.clear()


@pytest.fixture
async def mira(visit: Visit) -> AsyncIterator[Person]:
    async with visit.member("mira") as person:
        yield person


async def nothing_shown(visit: Visit, person: Person) -> None:
    """Waits until films were chosen for the person, and none of them counts as shown."""
    count = "select count(*), sum(delivered) from impressions where person_id = ?"

    def is_so() -> bool:
        ((chosen, shown),) = visit.rows(count, int(person.id))
        return chosen > 0 and shown == 0

    await until(is_so, "films were chosen, and none counts as shown")


def refuse(visit: Visit) -> None:
    """Lets Discord refuse the next answer, and the apology for it."""
    visit.house.local.faults.answer("POST", "/callback$", 404, code=10062, times=2)


@pytest.mark.parametrize("kind", ["recommend", "similar", "trending", "quiz"])
async def test_answers_that_are_refused(visit: Visit, mira: Person, kind: str) -> None:
    titles = [title for (title,) in visit.rows("select title from films order by id limit 2")]
    if kind == "trending":
        async with visit.member("june") as june:
            await june.command("films", "rate", film=titles[1], stars=5.0)
    if kind == "quiz":
        form = (await mira.command("films", "start")).modal
        screen = (await mira.submit(form)).message
    refuse(visit)
    if kind == "quiz":
        await mira.click(screen, "Show my picks", wait=0.1)
    elif kind == "similar":
        await mira.command("films", kind, wait=0.1, film=titles[0])
    else:
        await mira.command("films", kind, wait=0.1)
    await nothing_shown(visit, mira)


async def test_an_answer_that_is_late_and_cannot_be_deferred(
    visit: Visit, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply, "DEFER_AFTER_SECONDS", 0.0)
    refuse(visit)
    await mira.command("films", "recommend", wait=0.1)
    await nothing_shown(visit, mira)


async def test_an_answer_that_is_never_tried(
    visit: Visit, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database fails between the choice of the films and the answer."""

    async def fail(*_: object) -> None:
        raise DatabaseBusy("locked")

    monkeypatch.setattr(interaction, "permission_note", fail)
    lounge = visit.channel("lounge")
    world = visit.house.world
    world.set_overwrite(lounge, world.bot, deny=permissions.ADD_REACTIONS)
    await mira.command("lounge", "recommend")
    await nothing_shown(visit, mira)
