"""A whole evening as members see it, in a browser with the playground and the real bot.

Keeps its screenshots in build/screenshots/evening-*.png.
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, expect

from bot.wording.quiz.form import tastes_field
from tests.browser import PageDriver, open_page
from tests.house import FEW_FILMS, House, running, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CONFIRM_LABEL = re.compile("Yes, delete everything")


def ratings(house: House, member: str) -> dict[int, float]:
    person = house.local.world
    (found,) = [user for user in person.people() if user.username == member]
    return dict(house.rows("select film_id, stars from ratings where person_id = ?", int(found.id)))


async def title(message: Locator) -> str:
    """Returns the headline of a card."""
    return (await message.locator(".heading-2").first.inner_text()).strip()


async def recommend(page: PageDriver, options: str = "") -> Locator:
    """Uses /recommend. Returns the card, located by its id so that it can be found later."""
    await page.command(f"/recommend {options}".strip())
    await expect(page.last_message()).to_contain_text("Why?")
    return page.by_id(await page.message_id(page.last_message()))


async def test_an_evening(browser: Browser, tmp_path: Path) -> None:
    async with (
        running(tmp_path, max_films=FEW_FILMS, fits=True) as house,
        open_page(browser, house.local.page_url, member="tomas", welcome=True) as page,
    ):
        await page.screenshot("evening-01-welcome")
        close = page.page.get_by_role("button", name=re.compile("dismiss|got it|close", re.I))
        if await close.count():
            await close.first.click()
        await the_quiz(page, house)
        await the_cards(page, house)
        await the_mistakes(page, house)
        await the_night_and_the_post(page, house)
        await the_end(page, house)
        await page.use("june")
        await page.open_channel("films")
        await page.page.set_viewport_size({"width": 360, "height": 740})
        await recommend(page)
        await page.screenshot("evening-20-phone")
        assert await page.overflow() == 0


async def the_quiz(page: PageDriver, house: House) -> None:
    """A new member chooses two tastes and three films. The first personal pick takes 12 clicks."""
    before = page.clicks
    await page.command("/start")
    await expect(page.modal()).to_be_visible()
    await page.screenshot("evening-02-quiz-form")
    shelves = ["Warm and funny", "Thrillers and crime"]
    await page.fill_modal({tastes_field(): shelves})
    screen = page.last_message()
    await expect(screen).to_contain_text("Which of these did you love?")
    names = [film.name for film in await first_films(page, screen, 3)]
    await page.choose(screen, names)
    await page.screenshot("evening-03-quiz-screen")
    await page.click_button(screen, "Show my picks")
    card = page.last_message()
    await expect(card).to_contain_text("For you")
    await page.screenshot("evening-04-first-pick")
    assert page.clicks - before <= 12, f"{page.clicks - before} clicks"
    await until(lambda: sorted(ratings(house, "tomas").values()) == [5.0] * 3, "three ratings")


class Named:
    """An option of a select, by its label."""

    def __init__(self, name: str) -> None:
        self.name = name


async def first_films(page: PageDriver, screen: Locator, count: int) -> list[Named]:
    """Returns the labels of the first options; opens and closes the list."""
    await screen.locator("button.select").first.click()
    labels = page.page.locator(".select-panel .option-label")
    await expect(labels.first).to_be_visible()
    found = [Named(text) for text in (await labels.all_inner_texts())[:count]]
    await page.page.keyboard.press("Escape")
    return found


async def the_cards(page: PageDriver, house: House) -> None:
    """One of two members reacts to three cards. The next answer differs and names a film."""
    await page.use("june")
    hers = await title(await recommend(page))
    await page.use("mira")
    first = await recommend(page)
    await page.screenshot("evening-05-first-card")
    assert await title(first) == hers, "two newcomers at the same hour are answered alike"
    loved = [await title(first)]
    await page.react(first, "❤️")
    second = await recommend(page)
    loved.append(await title(second))
    await page.react(second, "❤️")
    third = await recommend(page)
    await page.react(third, "👎")
    await until(lambda: sorted(ratings(house, "mira").values()) == [1.5, 5.0, 5.0], "three ratings")
    fourth = await recommend(page)
    names = [re.sub(r" \(\d{4}\)$", "", name) for name in loved]
    await expect(fourth).to_contain_text(
        re.compile("because you loved (" + "|".join(map(re.escape, names)) + ")")
    )
    await page.screenshot("evening-06-because-you-loved")
    await page.click_button(fourth, "Why?")
    await page.screenshot("evening-07-why")
    await page.react(second, "❤️")  # taken back
    await until(lambda: sorted(ratings(house, "mira").values()) == [1.5, 5.0], "un-rated")
    await page.use("olek")
    assert await title(await recommend(page)) == hers, "another's ratings change nothing for him"
    await page.use("mira")


async def the_mistakes(page: PageDriver, house: House) -> None:
    """Filters that no film fits, typos, unknown titles, bad options."""
    await page.command("/similar film:casablnca")
    await expect(page.last_message()).to_contain_text("Films like Casablanca")
    await page.screenshot("evening-08-similar")
    await page.command("/trending")
    await expect(page.last_message()).to_contain_text("All-time favourites")
    await page.screenshot("evening-09-trending")
    await page.command("/recommend genre:Western max_runtime:5")
    await expect(page.last_message()).to_contain_text("Here's what would help")
    await page.command("/similar film:qqqqqqqq", pick=False)
    await expect(page.last_message()).to_contain_text("I don't have “qqqqqqqq” yet")
    await page.command("/recommend genre:polka", pick=False)
    await expect(page.last_message()).to_contain_text("I don't know a genre called “polka”")
    await page.screenshot("evening-10-mistakes")


async def the_night_and_the_post(page: PageDriver, house: House) -> None:
    """The night brings a new model. A post comes at its time and can be rated."""
    version = house.app.live.served.version
    now = house.world.clock.now()
    await page.set_clock(f"{now + timedelta(days=1):%Y-%m-%d}T12:00")
    await until(lambda: house.app.live.served.version != version, "the refit")
    await page.command("/setup post channel:lounge time:19:00 zone:Berlin")
    await expect(page.last_message()).to_contain_text("every day at 7:00 PM")
    await page.screenshot("evening-11-setup")
    await page.open_channel("lounge")
    await page.set_clock(f"{now + timedelta(days=1):%Y-%m-%d}T19:00")
    post = page.last_message("My next post is on")
    await expect(post).to_be_visible()
    await page.screenshot("evening-12-post")
    post = page.by_id(await page.message_id(post))
    await expect(page.reaction(post, "❤️")).to_be_visible()
    count = len(ratings(house, "mira"))
    await page.react(post, "👍")
    await until(lambda: len(ratings(house, "mira")) == count + 1, "the post rates")
    await page.open_channel("films")


async def the_end(page: PageDriver, house: House) -> None:
    """/privacy deletes all data about a member."""
    await page.command("/privacy")
    await page.screenshot("evening-13-privacy")
    await page.click_button(page.last_message(), "Delete everything")
    await page.click_button(page.last_message(), CONFIRM_LABEL)
    await expect(page.last_message()).to_contain_text("I don't know anything about you any more")
    await page.screenshot("evening-14-deleted")
    await until(lambda: everything_about(house, "mira") == [], "nothing about her is left")


def everything_about(house: House, member: str) -> list[tuple[str, Any]]:
    """Returns (table, row) of every row that contains a member's id."""
    (user,) = [user for user in house.world.people() if user.username == member]
    tables = house.rows("select name from sqlite_master where type = 'table'")
    return [
        (table, row)
        for (table,) in tables
        for row in house.rows(f"select * from {table}")
        if int(user.id) in row
    ]
