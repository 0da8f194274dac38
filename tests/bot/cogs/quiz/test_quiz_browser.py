"""The quiz as members see it, in a browser with the playground and the real bot.

The screenshots are stored in build/screenshots/quiz-*.png.
"""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from bot.playground.testing import Refused, buttons_of
from bot.wording.quiz.form import tastes_field
from tests.browser import PageDriver, open_page
from tests.house import FEW_FILMS, House, running, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MAX_CLICKS = 12
LIKED_TASTES = ["Warm and funny", "Love, won and lost"]  # of the members with opposite answers


def person(house: House, name: str) -> int:
    (found,) = [user for user in house.local.world.people() if user.username == name]
    return int(found.id)


async def answered(house: House, name: str, *kinds: str) -> None:
    """Waits until these are the answers of a member. A slow bot stores them after the button."""
    await until(
        lambda: sorted(film_answers(house, name).values()) == sorted(kinds),
        f"{name} has answered {kinds}",
    )


def film_answers(house: House, name: str) -> dict[int, str]:
    kinds = "('loved', 'liked', 'fine', 'disliked', 'unseen')"
    statement = f"select subject, question from answers where person_id = ? and question in {kinds}"
    return {int(film): kind for film, kind in house.rows(statement, person(house, name))}


async def labels(page: PageDriver, screen: Locator, count: int) -> list[str]:
    """Returns the first labels of a screen's first menu; opens and closes the menu."""
    await screen.locator("button.select").first.click()
    shown = page.page.locator(".select-panel .option-label")
    await expect(shown.first).to_be_visible()
    found = (await shown.all_inner_texts())[:count]
    await page.page.keyboard.press("Escape")
    return found


async def begin(page: PageDriver, member: str, tastes: list[str]) -> Locator:
    await page.use(member)
    await page.open_channel("films")
    await page.command("/start")
    await page.fill_modal({tastes_field(): tastes} if tastes else {})
    screen = page.last_message("Which of these did you love?")
    await expect(screen).to_contain_text("Screen 1 of 2")
    return page.by_id(await page.message_id(screen))


async def title(card: Locator) -> str:
    return (await card.locator(".heading-2").first.inner_text()).strip()


async def test_members_take_the_quiz(browser: Browser, tmp_path: Path) -> None:
    async with (
        running(tmp_path, max_films=FEW_FILMS) as house,
        open_page(browser, house.local.page_url, member="mira") as page,
    ):
        first_pick = await in_few_clicks(page, house)
        await skipping_everything(page)
        await halfway_and_on(page, house)
        await others_cannot_answer(page, house)
        opposite_pick = await the_opposite(page, house)
        assert first_pick != opposite_pick


async def in_few_clicks(page: PageDriver, house: House) -> str:
    """After two tastes and three loved films, the first personal pick names one of the answers."""
    before = page.clicks
    screen = await begin(page, "mira", LIKED_TASTES)
    films = await labels(page, screen, 12)
    await page.choose(screen, films[:3])
    await page.screenshot("quiz-01-screen")
    await page.click_button(screen, "Show my picks")
    card = page.last_message("for you")
    await expect(card).to_contain_text(
        "This is an early guess. Rate 2 more films and I'll know you better."
    )
    clicks = page.clicks - before
    print(f"\n{clicks} clicks from /start to the first pick")
    assert clicks <= MAX_CLICKS
    await answered(house, "mira", *["loved"] * 3)
    await page.screenshot("quiz-02-first-pick")
    await expect(card).to_contain_text(re.compile("because you loved|witty|romantic|charming|warm"))
    return await title(card)


async def skipping_everything(page: PageDriver) -> None:
    """Without any answer the picks still vary."""
    screen = await begin(page, "june", [])
    await page.click_button(screen, "Show my picks")
    card = page.last_message("Why?")
    await expect(card).to_contain_text("First picks")
    names = await card.locator("strong").all_inner_texts()
    assert len(set(names)) >= 4
    await page.screenshot("quiz-03-skipped")


async def halfway_and_on(page: PageDriver, house: House) -> None:
    """Films come one at a time, with a restart of the bot between. One answer is changed later."""
    screen = await begin(page, "tomas", ["Thrillers and crime"])
    await page.click_button(screen, "One at a time")
    await expect(screen).to_contain_text("Film 1 of 10")
    await page.screenshot("quiz-04-one-film")
    await page.click_button(screen, "Loved")
    await expect(screen).to_contain_text("Film 2 of 10")
    second = await title(screen)
    await house.restart()
    await page.click_button(screen, "Haven't seen it")
    await expect(screen).to_contain_text("Film 3 of 10")
    await answered(house, "tomas", "loved", "unseen")
    await page.click_button(screen, "Back")
    await expect(screen.locator(".heading-2").first).to_have_text(second)
    await expect(screen).to_contain_text("Your answer: 🙈 haven't seen it")
    await page.screenshot("quiz-05-back")
    await page.click_button(screen, "Disliked")
    await answered(house, "tomas", "disliked", "loved")
    await expect(screen.locator(".heading-2").first).not_to_have_text(second)
    await page.click_button(screen, "Back")
    await expect(screen.locator(".heading-2").first).to_have_text(second)
    await page.click_button(screen, "Forget this answer")
    await answered(house, "tomas", "loved")
    await page.click_button(screen, "Many at once")
    await page.click_button(screen, "My answers")
    await expect(screen).to_contain_text("Your answers")
    await page.screenshot("quiz-06-answers")
    await page.click_button(screen, "Continue")
    await page.click_button(screen, "Show my picks")
    await expect(page.last_message("for you")).to_contain_text(
        "This is an early guess. Rate 4 more films"
    )


async def others_cannot_answer(page: PageDriver, house: House) -> None:
    """A member can neither see nor answer the questions to another member."""
    async with house.member("tomas") as tomas, house.member("june") as june:
        seen = await tomas.messages("films")
        quiz = next(m for m in reversed(seen) if "One at a time" in buttons_of(m))
        assert quiz["id"] not in {m["id"] for m in await june.messages("films")}
        before = film_answers(house, "tomas")
        try:
            outcome = await june.click(quiz, "One at a time")
            assert "someone else" in outcome.text
        except Refused:
            pass
        assert film_answers(house, "tomas") == before
        assert film_answers(house, "june") == {}


async def the_opposite(page: PageDriver, house: House) -> str:
    """A member with the same tastes dislikes what the first one loved, and loves other films.

    The pick and its reason differ.
    """
    loved = film_answers(house, "mira")
    screen = await begin(page, "olek", LIKED_TASTES)
    films = {row[0]: row[1] for row in house.rows("select id, title from films")}
    options = await labels(page, screen, 25)
    hated = [text for text in options if any(text.startswith(films[film]) for film in loved)]
    other = [text for text in options if text not in hated]
    await page.choose(screen.locator("button.select").nth(1), hated)
    await page.choose(screen.locator("button.select").nth(0), other[-3:])
    await page.click_button(screen, "Show my picks")
    card = page.last_message("for you")
    titles = [title for title in films.values() if any(x.startswith(title) for x in other[-3:])]
    because = "|".join(map(re.escape, titles))
    await expect(card).to_contain_text(re.compile(f"because you loved ({because})"))
    await page.screenshot("quiz-07-opposite")
    assert hated, "members with the same tastes see the same films first"
    await answered(house, "olek", *["disliked"] * len(hated), *["loved"] * 3)
    return await title(card)
