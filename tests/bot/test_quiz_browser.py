"""The quiz as members see it: a browser at the playground, the real bot behind it.

Keeps its screenshots in build/screenshots/quiz-*.png.
"""

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.browser import PageDriver, chromium, open_page
from tests.driver import Refused, buttons_of
from tests.house import House, running

pytestmark = pytest.mark.browser

MOST_CLICKS = 12
NAMED = ["Warm and funny", "Love, won and lost"]  # shelves of the two who answer oppositely


def person(house: House, name: str) -> int:
    (found,) = [user for user in house.local.world.people() if user.username == name]
    return int(found.id)


def told(house: House, name: str) -> dict[int, str]:
    kinds = "('loved', 'liked', 'fine', 'disliked', 'unseen')"
    statement = f"select subject, question from answers where person_id = ? and question in {kinds}"
    return {int(film): kind for film, kind in house.rows(statement, person(house, name))}


async def labels(page: PageDriver, screen: Locator, count: int) -> list[str]:
    """The first labels of a screen's first menu, read by opening and closing it."""
    await screen.locator("button.select").first.click()
    shown = page.page.locator(".select-panel .option-label")
    await expect(shown.first).to_be_visible()
    found = (await shown.all_inner_texts())[:count]
    await page.page.keyboard.press("Escape")
    return found


async def begin(page: PageDriver, member: str, shelves: list[str]) -> Locator:
    await page.use(member)
    await page.open_channel("films")
    await page.command("/start")
    await page.fill_modal({"Shelves you would browse": shelves} if shelves else {})
    screen = page.last_message("Which of these did you love?")
    await expect(screen).to_contain_text("Screen 1 of 2")
    return page.by_id(await page.message_id(screen))


async def title(card: Locator) -> str:
    return (await card.locator(".heading-2").first.inner_text()).strip()


async def test_members_take_the_quiz(tmp_path: Path) -> None:
    async with (
        chromium() as browser,
        running(tmp_path) as house,
        open_page(browser, house.local.page_url, member="mira") as page,
    ):
        mine = await in_few_clicks(page, house)
        await skipping_everything(page)
        await halfway_and_on(page, house)
        await others_cannot_answer(page, house)
        theirs = await the_opposite(page, house)
        assert mine != theirs


async def in_few_clicks(page: PageDriver, house: House) -> str:
    """Two shelves, three loved films, a first personal pick that names an answer."""
    before = page.clicks
    screen = await begin(page, "mira", NAMED)
    films = await labels(page, screen, 12)
    await page.choose(screen, films[:3])
    await page.screenshot("quiz-01-screen")
    await page.click_button(screen, "Show my picks")
    card = page.last_message("for you")
    await expect(card).to_contain_text("Early guess: rate two more to sharpen it.")
    clicks = page.clicks - before
    print(f"\n{clicks} clicks from /start to the first pick")
    assert clicks <= MOST_CLICKS
    assert sorted(told(house, "mira").values()) == ["loved"] * 3
    await page.screenshot("quiz-02-first-pick")
    await expect(card).to_contain_text(re.compile("because you loved|witty|romantic|charming|warm"))
    return await title(card)


async def skipping_everything(page: PageDriver) -> None:
    """Nothing answered still gets a varied pick."""
    screen = await begin(page, "june", [])
    await page.click_button(screen, "Show my picks")
    card = page.last_message("Why?")
    await expect(card).to_contain_text("to begin with")
    names = await card.locator("strong").all_inner_texts()
    assert len(set(names)) >= 4
    await page.screenshot("quiz-03-skipped")


async def halfway_and_on(page: PageDriver, house: House) -> None:
    """One film at a time; the bot is started again in between; an answer is changed, one
    forgotten."""
    screen = await begin(page, "tomas", ["Edge of the seat"])
    await page.click_button(screen, "One at a time")
    await expect(screen).to_contain_text("Film 1 of 10")
    await page.screenshot("quiz-04-one-film")
    await page.click_button(screen, "Loved")
    await expect(screen).to_contain_text("Film 2 of 10")
    second = await title(screen)
    await house.restart()
    await page.click_button(screen, "Haven't seen")
    await expect(screen).to_contain_text("Film 3 of 10")
    assert sorted(told(house, "tomas").values()) == ["loved", "unseen"]
    await page.click_button(screen, "Back")
    assert await title(screen) == second
    await expect(screen).to_contain_text("You answered: 🙈 haven't seen")
    await page.screenshot("quiz-05-back")
    await page.click_button(screen, "Disliked")
    assert sorted(told(house, "tomas").values()) == ["disliked", "loved"]
    await page.click_button(screen, "Back")
    await page.click_button(screen, "Forget this answer")
    assert sorted(told(house, "tomas").values()) == ["loved"]
    await page.click_button(screen, "Many at once")
    await page.click_button(screen, "My answers")
    await expect(screen).to_contain_text("Your answers")
    await page.screenshot("quiz-06-answers")
    await page.click_button(screen, "Go on")
    await page.click_button(screen, "Show my picks")
    await expect(page.last_message("for you")).to_contain_text("Early guess: rate four more")


async def others_cannot_answer(page: PageDriver, house: House) -> None:
    """What one member is asked, another can neither see nor answer."""
    async with house.member("tomas") as tomas, house.member("june") as june:
        seen = await tomas.messages("films")
        quiz = next(m for m in reversed(seen) if "One at a time" in buttons_of(m))
        assert quiz["id"] not in {m["id"] for m in await june.messages("films")}
        before = told(house, "tomas")
        try:
            outcome = await june.click(quiz, "One at a time")
            assert "someone else" in outcome.text
        except Refused:
            pass
        assert told(house, "tomas") == before
        assert told(house, "june") == {}


async def the_opposite(page: PageDriver, house: House) -> str:
    """The same shelves, but what the first member loved disliked and other films loved: another
    pick, for another reason."""
    loved = told(house, "mira")
    screen = await begin(page, "olek", NAMED)
    films = {row[0]: row[1] for row in house.rows("select id, title from films")}
    options = await labels(page, screen, 25)
    hated = [text for text in options if any(text.startswith(films[film]) for film in loved)]
    other = [text for text in options if text not in hated]
    await page.choose(screen.locator("button.select").nth(1), hated)
    await page.choose(screen.locator("button.select").nth(0), other[-3:])
    await page.click_button(screen, "Show my picks")
    card = page.last_message("for you")
    mine = [title for title in films.values() if any(x.startswith(title) for x in other[-3:])]
    because = "|".join(map(re.escape, mine))
    await expect(card).to_contain_text(re.compile(f"because you loved ({because})"))
    await page.screenshot("quiz-07-opposite")
    assert hated, "whoever names the same shelves first sees the same films"
    assert sorted(told(house, "olek").values()) == ["disliked"] * len(hated) + ["loved"] * 3
    return await title(card)
