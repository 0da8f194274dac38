"""The rules of a night: when its poll ends, which film wins, who stayed, who is asked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.nights import attendance, course, plan, questions
from bot.services.nights.view_models import NightView
from bot.services.people import erasure
from bot.services.picks.consent import ServerMember
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.nights import history as words
from storage.people import film_marks, night_questions, profiles
from storage.servers import night_steps, nights
from storage.servers.night_steps import Presence
from storage.servers.nights import NightFilm
from tests.bot.fitted import Time
from tests.bot.services.picks.lives import NOW
from tests.house import stocked

GUILD, CHANNEL = 7, 8
ANN, BEN, CAT = 1001, 1002, 1003
ME = Requester(ANN, GUILD, CHANNEL, NOW)
MEMBERS = [ServerMember(one, f"Member {one}", NOW) for one in (ANN, BEN, CAT)]
START = NOW + timedelta(hours=3)
FILMS = [NightFilm(place, 10 + place, "", None) for place in range(3)]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, 60)
    async with open_app(settings, Time(NOW)) as app:
        yield app


@pytest.mark.parametrize(
    ("minutes", "poll"), [(180, 165), (30, 15), (20, 10), (6, 3), (3 * 24 * 60 + 600, 3 * 24 * 60)]
)
def test_a_poll_ends_before_the_film(minutes: int, poll: int) -> None:
    until = course.poll_end(NOW, NOW + timedelta(minutes=minutes))
    assert until == NOW + timedelta(minutes=poll)
    assert course.poll_hours(NOW, until) == max(1, -(-poll // 60))


def test_it_may_be_too_late_for_a_poll() -> None:
    with pytest.raises(Sorry, match="too-late-for-poll"):
        course.poll_end(NOW, NOW + timedelta(minutes=4))


@pytest.mark.parametrize(
    ("votes", "place", "how"),
    [
        ([1, 3, 2], 1, "votes"),
        ([0, 2, 2], 1, "tie"),
        ([0, 0, 0], 0, "no-votes"),
        ([], 0, "no-votes"),
        (None, 0, "poll-gone"),
    ],
)
def test_which_film_wins(votes: list[int] | None, place: int, how: str) -> None:
    assert course.winner(FILMS, votes) == (place, how)


def test_half_of_the_film_counts_from_its_start() -> None:
    end = START + timedelta(minutes=100)

    def seen(person: int, first: int, last: int) -> Presence:
        there = (START + timedelta(minutes=first), START + timedelta(minutes=last))
        return Presence(person, *there, open=False)

    found = [
        seen(ANN, -30, 50),  # half of it
        seen(BEN, -30, 49),
        seen(BEN, 110, 300),  # after the film
        seen(CAT, 0, 25),
        seen(CAT, 75, 200),  # twice a quarter
    ]
    assert attendance.who_stayed(found, START, end) == (ANN, CAT)


async def planned(app: App) -> NightView:
    return await plan.plan(app, ME, MEMBERS, START)


async def test_the_bot_asks_those_who_did_not_agree_once(app: App) -> None:
    async with app.db.write() as conn:
        await profiles.show_taste(conn, BEN, GUILD, shown=True, now=NOW)
        await profiles.set_shapes_others(conn, CAT, False, now=NOW)
    await planned(app)
    await planned(app)
    (asked,) = await questions.waiting(app)
    assert asked.person_id == ANN
    await questions.answer(app, ME, GUILD, "never")
    async with app.db.read() as conn:
        assert await night_questions.was_asked(conn, ANN, GUILD + 1), "nowhere else either"
        assert ANN not in await profiles.showing_taste(conn, GUILD)
    with pytest.raises(Sorry, match="night-question-old"):
        await questions.answer(app, Requester(CAT, None, 1, NOW), GUILD, "yes")


async def test_who_may_direct_a_night(app: App) -> None:
    view = await planned(app)
    other = Requester(BEN, GUILD, CHANNEL, NOW)
    with pytest.raises(Sorry, match="somebody-elses-night"):
        await course.may_direct(app, other, view.id, manages=False)
    assert (await course.may_direct(app, other, view.id, manages=True)).id == view.id
    with pytest.raises(Sorry, match="no-such-night"):
        await course.may_direct(app, Requester(ANN, 9, 9, NOW), view.id, manages=True)


async def test_a_step_is_taken_once(app: App) -> None:
    view = await planned(app)
    night = await plan.read_night(app, view.id)
    await course.take_first(app, night, NOW)
    for step in (course.take_first, course.begin_poll):
        with pytest.raises(Sorry, match="night-went-on"):
            await step(app, night, NOW)
    await course.cancel(app, night, NOW)
    with pytest.raises(Sorry, match="night-went-on"):
        await course.cancel(app, night, NOW)


async def test_only_those_who_came_have_seen_it(app: App) -> None:
    view = await planned(app)
    night = await plan.read_night(app, view.id)
    await course.take_first(app, night, NOW)
    assert await attendance.begin_showing(app, night, START)
    night = await plan.read_night(app, view.id)
    assert night.ends_at is not None
    assert night.film_id is not None
    await attendance.see(app, night, [ANN, BEN, CAT], START)
    await attendance.see(app, night, [ANN, BEN], night.ends_at)
    left = {BEN}

    async def find(person: int) -> ServerMember | None:
        return None if person in left else ServerMember(person, "", NOW)

    await attendance.end_showing(app, night, find, night.ends_at)
    async with app.db.read() as conn:
        assert await night_steps.presences(conn, night.id) == ()
        seen = {one: (await film_marks.of_person(conn, one))["seen"] for one in (ANN, BEN, CAT)}
        assert [one for one, marks in seen.items() if night.film_id in marks] == [ANN]
    late = Requester(CAT, GUILD, CHANNEL, night.ends_at + timedelta(days=1))
    film, _ = await attendance.say_there(app, late, night.id)
    assert film == night.film_id
    past = await plan.history(app, late)
    assert [one.was_there for one in past] == [True]
    await attendance.take_back_there(app, late, night.id)
    assert not (await plan.history(app, late))[0].was_there
    too_late = Requester(CAT, GUILD, CHANNEL, night.ends_at + timedelta(days=8))
    with pytest.raises(Sorry, match="night-long-over"):
        await attendance.say_there(app, too_late, night.id)


async def test_a_film_for_adults_is_not_named_among_past_nights(app: App) -> None:
    view = await planned(app)
    assert "no film yet" in words.past_night((await plan.history(app, ME))[0])
    await course.take_first(app, await plan.read_night(app, view.id), NOW)
    library = app.live.served.library
    film = library.films[view.films[0].line.film_id]
    object.__setattr__(film, "adult", True)
    vars(library).pop("_without_adult", None)
    said = words.past_night((await plan.history(app, ME))[0])
    assert "a film I can't name here" in said
    assert film.title not in said


async def test_a_film_that_was_seen_before_the_night_stays_seen(app: App) -> None:
    view = await planned(app)
    night = await plan.read_night(app, view.id)
    await course.take_first(app, night, NOW)
    assert await attendance.begin_showing(app, night, START)
    night = await plan.read_night(app, view.id)
    assert night.ends_at is not None
    assert night.film_id is not None
    async with app.db.write() as conn:
        await film_marks.mark(conn, BEN, night.film_id, "seen", now=NOW)

    async def find(person: int) -> ServerMember:
        return ServerMember(person, "", NOW)

    await attendance.end_showing(app, night, find, night.ends_at)
    for person, remains in ((BEN, True), (CAT, False)):
        late = Requester(person, GUILD, CHANNEL, night.ends_at + timedelta(days=1))
        await attendance.say_there(app, late, night.id)
        await attendance.take_back_there(app, late, night.id)
        async with app.db.read() as conn:
            marked = await film_marks.of_person(conn, person)
        assert (night.film_id in marked["seen"]) is remains


async def test_who_had_all_deleted_during_the_film_stays_deleted(app: App) -> None:
    view = await planned(app)
    night = await plan.read_night(app, view.id)
    await course.take_first(app, night, NOW)
    await attendance.begin_showing(app, night, START)
    night = await plan.read_night(app, view.id)
    await attendance.see(app, night, [ANN, BEN], START)
    during = START + timedelta(minutes=10)
    assert isinstance(app.clock, Time)
    app.clock.now = during
    await erasure.erase(app, BEN)
    await attendance.see(app, night, [ANN, BEN], during + timedelta(minutes=5))
    async with app.db.read() as conn:
        assert {one.person_id for one in await night_steps.presences(conn, night.id)} == {ANN}
        assert BEN not in {one.person_id for one in await nights.guests(conn, night.id)}


async def test_a_night_needs_company_and_is_no_crowd(app: App) -> None:
    with pytest.raises(Sorry, match="night-needs-company"):
        await plan.plan(app, ME, MEMBERS[:1], START)
    crowd = [ServerMember(one, str(one), NOW) for one in range(1, 14)]
    with pytest.raises(Sorry, match="night-too-many"):
        await plan.plan(app, ME, crowd, START)
    for _ in range(10):
        await planned(app)
    with pytest.raises(Sorry, match="too-many-nights"):
        await planned(app)
