"""How many presses of the mouse a person needs, counted in the browser from the page's opening.

A press that opens a menu counts too. What is typed does not.
"""

from collections.abc import AsyncIterator, Callable, Iterable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.wording.picks.tastes import taste_option
from bot.wording.quiz.form import tastes_field
from storage.catalogue.films import Film
from tests.browser import PATIENCE_MS, PageDriver, open_page
from tests.clock import club_world
from tests.house import FEW_FILMS, House, running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MAX_CLICKS = 8
OF_THE_TASTE: dict[str, Callable[[Film], bool]] = {
    "scary": lambda film: "Horror" in film.genres,
    "animated": lambda film: "Animation" in film.genres or "anime" in dict(film.tags),
    "asian": lambda film: film.languages[0] in ("ko", "hi", "ta", "te", "ml", "bn", "mr", "ur"),
    "documentaries": lambda film: "Documentary" in film.genres,
    "wonder": lambda film: bool({"Science Fiction", "Sci-Fi", "Fantasy"} & {*film.genres}),
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("house")
    async with running(folder, world=club_world(), max_films=FEW_FILMS) as house:
        app = house.app
        await app.shelving.get(app.db, app.live, app.settings.corpus)  # a post waits for them
        yield house


async def first_picks(page: PageDriver) -> list[str]:
    """Returns the titles of a card's films, the headline first."""
    card = page.last_message("Why?")
    names = await card.locator(".heading-2").all_inner_texts()
    return [*names, *await card.locator("strong").all_inner_texts()]


async def walk_to_a_pick(page: PageDriver, taste: str) -> int:
    """Goes from the open page to the first picks of a taste; returns the number of clicks.

    The person chooses the taste and two films that they loved.
    """
    await page.click(page.page.locator("#welcome").get_by_role("button", name="/start"))
    await page.page.keyboard.press("Enter")
    await page.fill_modal({tastes_field(): [taste_option(taste)]})
    screen = page.last_message("Which of these did you love?")
    await expect(screen).to_be_visible()
    await page.click(screen.locator("button.select").first)
    options = page.page.locator(".select-panel .option-label")
    for number in range(2):
        await page.click(options.nth(number))
    await page.click(page.page.locator(".select-panel").get_by_role("button", name="Done"))
    await page.settled()
    await page.click_button(screen, "Show my picks")
    await expect(page.last_message("Why?")).to_be_visible()
    return page.clicks


def share_of_taste(titles: list[str], house: House, taste: str) -> float:
    """Returns the share of films that are of a taste. titles: as a card has them."""
    library = house.app.live.served.library
    by_name = {library.name(film.id): film for film in library.films.values()}
    by_title = {film.title: film for film in library.films.values()}
    found = [by_name.get(title) or by_title[title] for title in titles]
    return sum(map(OF_THE_TASTE[taste], found)) / len(found)


async def walk_tastes(browser: Browser, house: House, tastes: Iterable[str]) -> None:
    """Walks to the first picks of each taste, each time as somebody new."""
    for taste in tastes:
        club = house.club()
        person, url = club.club.people["june"].username, house.local.page_url
        async with open_page(browser, url, member=person, welcome=True) as page:
            clicks = await walk_to_a_pick(page, taste)
            titles = await first_picks(page)
            print(f"\n{taste}: {clicks} clicks to {', '.join(titles)}")
            assert clicks <= MAX_CLICKS
            assert share_of_taste(titles[:1], house, taste) == 1, titles
            assert share_of_taste(titles, house, taste) >= 0.5, titles
        club.leave()


async def test_a_newcomer_gets_a_pick_of_their_taste_in_few_clicks(
    browser: Browser, house: House
) -> None:
    """`tests/soak/test_clicks.py` walks with the other tastes, and with MovieLens imported."""
    await walk_tastes(browser, house, ("scary", "asian"))


async def test_a_manager_goes_from_invite_to_the_first_post_in_few_clicks(
    browser: Browser, house: House
) -> None:
    club = house.club()
    house.world.remove_guild(club.guild)
    url, manager = house.local.page_url, club.club.people["mira"].username
    async with open_page(browser, url, member=manager, welcome=True) as page:
        await page.click(page.page.get_by_role("button", name="Bad days"))
        await page.click(page.page.get_by_role("button", name="Invite Matinee"))
        await expect(page.page.get_by_role("button", name="Kick Matinee")).to_be_visible()
        await page.page.keyboard.press("Escape")
        await page.command("/setup post channel:films time:20:00 zone:Berlin")
        await expect(page.last_message()).to_contain_text("every day at 8:00")
        await page.set_clock(f"{house.world.clock.now():%Y-%m-%d}T20:00")
        await expect(page.last_message("My next post is on")).to_be_visible(timeout=PATIENCE_MS)
        print(f"\n{page.clicks} clicks from the invitation to the first post")
        assert page.clicks <= MAX_CLICKS
    club.leave()
