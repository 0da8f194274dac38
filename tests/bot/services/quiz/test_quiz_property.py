"""Random taps, in any order, twice, late or across restarts.

The stored answers are exactly the last ones given, and the quiz asks about no film twice.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Sorry
from bot.services.app import App
from bot.services.quiz import one_film, screens
from bot.services.quiz.film_answers import ANSWER_EMOJI, ANSWER_STARS, current_answers
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from storage.feedback import ratings
from storage.people import film_marks, quiz_answers
from storage.people.quiz_answers import UNSEEN_ANSWERS
from tests.house import FEW_FILMS, stocked

START = datetime(2026, 5, 1, 18, 0, tzinfo=UTC)
PERSON, OTHER = 4_000, 4_001
ANSWERS = (*ANSWER_EMOJI, "forget")

step = st.one_of(
    st.tuples(st.just("ask")),
    st.tuples(st.just("answer"), st.integers(0, 40), st.sampled_from(ANSWERS), st.booleans()),
    st.tuples(st.just("both"), st.integers(0, 40), st.sampled_from(ANSWERS)),
    st.tuples(st.just("screen"), st.integers(0, 6)),
    st.tuples(
        st.just("pick"),
        st.integers(1, 3),
        st.sampled_from(["loved", "disliked", "tempting"]),
        st.sets(st.integers(0, 24), max_size=4),
    ),
    st.tuples(st.just("back"), st.integers(0, 40)),
    st.tuples(st.just("strange"), st.integers(-5, 10**12)),
    st.tuples(st.just("restart")),
)


@dataclass
class Quiz:
    """One member who takes the quiz through the services.

    Attributes:
        settings: the bot's settings, with the data folder.
        app: the running application. `restart` replaces it.
        inside: the context manager of `app`.
        now: time of the last request.
        asked: films that the quiz asked about, in order.
        on_screen: number of a screen -> its films.
        expected: film -> the answer that must be stored.
    """

    settings: Settings
    app: App
    inside: Any
    now: datetime = START
    asked: list[int] = field(default_factory=list)
    on_screen: dict[int, list[int]] = field(default_factory=dict)
    expected: dict[int, str] = field(default_factory=dict)

    def requester(self) -> Requester:
        self.now += timedelta(seconds=7)
        return Requester(PERSON, None, 1, self.now)

    def meet(self, film: int) -> None:
        assert film not in self.asked, "a film is asked about twice"
        self.asked.append(film)

    async def restart(self) -> None:
        await self.inside.__aexit__(None, None, None)
        self.inside = open_app(self.settings, lambda: START)
        self.app = await self.inside.__aenter__()

    async def take(self, done: tuple[Any, ...]) -> None:
        match done:
            case ("ask",):
                one = await one_film.next_question(self.app, self.requester())
                assert one is not None
                if one.film.film_id not in self.asked:
                    self.meet(one.film.film_id)
                else:  # only a film without an answer may come again
                    assert one.film.film_id not in self.expected or one.answer is None
            case ("answer", at, answer, twice) if self.asked:
                film = self.asked[at % len(self.asked)]
                for _ in range(1 + twice):
                    await one_film.store_answer(self.app, self.requester(), film, answer)
                self.give(film, answer)
            case ("both", at, answer) if self.asked:  # two taps at once count as one
                film, requester = self.asked[at % len(self.asked)], self.requester()
                taps = (one_film.store_answer(self.app, requester, film, answer) for _ in range(2))
                await asyncio.gather(*taps)
                self.give(film, answer)
            case ("screen", number):
                if not 1 <= number <= screens.MAX_SCREENS:
                    with pytest.raises(Sorry):
                        await screens.open_screen(self.app, self.requester(), number)
                    return
                shown = await screens.open_screen(self.app, self.requester(), number)
                films = [line.film_id for line in shown.films]
                if number in self.on_screen:
                    assert sorted(films) == sorted(self.on_screen[number])
                else:
                    self.on_screen[number] = films
                    for film in films:
                        self.meet(film)
            case ("pick", number, menu, places):
                films = self.on_screen.get(number, [])
                picked = [films[at] for at in places if at < len(films)]
                await screens.store_choice(self.app, self.requester(), number, menu, picked)
                for film in films:
                    if film in picked:
                        self.expected[film] = menu
                    elif self.expected.get(film) == menu:
                        del self.expected[film]
            case ("back", at) if self.asked:
                film = self.asked[at % len(self.asked)]
                again = await one_film.earlier_question(self.app, self.requester(), film)
                assert (again.film.film_id, again.answer) == (film, self.expected.get(film))
            case ("strange", film) if film not in self.asked:
                with pytest.raises(Sorry):
                    await one_film.store_answer(self.app, self.requester(), film, "loved")
            case ("restart",):
                await self.restart()

    def give(self, film: int, answer: str) -> None:
        self.expected.pop(film, None)
        if answer != "forget":
            self.expected[film] = answer

    async def check(self) -> None:
        async with self.app.db.read() as conn:
            answers = await quiz_answers.of_person(conn, PERSON)
            rated = {row.film_id: row.stars for row in await ratings.of_person(conn, PERSON)}
            unseen = set((await film_marks.of_person(conn, PERSON))["unseen"])
            assert await quiz_answers.of_person(conn, OTHER) == ()
        films = [a.subject for a in answers if a.question in ANSWER_EMOJI]
        assert len(films) == len(set(films)), "there are two answers about one film"
        assert current_answers(answers) == self.expected
        assert rated == {f: ANSWER_STARS[a] for f, a in self.expected.items() if a in ANSWER_STARS}  # type: ignore[index]
        assert unseen == {f for f, answer in self.expected.items() if answer in UNSEEN_ANSWERS}


@settings(
    max_examples=4,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(step, min_size=5, max_size=30))
def test_stored_answers_are_the_last_given(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Any, ...]]
) -> None:
    settings = Settings(data=tmp_path_factory.mktemp("quiz") / "data")

    async def play() -> None:
        await stocked(settings.database, FEW_FILMS)
        inside = open_app(settings, lambda: START)
        quiz = Quiz(settings, await inside.__aenter__(), inside)
        try:
            for done in steps:
                await quiz.take(done)
            await quiz.check()
            await quiz.restart()
            await quiz.check()
        finally:
            await quiz.inside.__aexit__(None, None, None)

    asyncio.run(play())
