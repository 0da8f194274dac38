"""Picks that follow the time of day, as members see them.

Three tastes, two times, a one-tap mood, and the clock switched off.

Keeps its pictures in build/screenshots/context-*.png.
"""

import asyncio
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Locator, expect

from bot.playground import Person
from bot.services.notes import note
from bot.wording.errors.said import said
from recommender.context.editorial import TILTS
from tests.browser import SCREENSHOTS, PageDriver, open_page
from tests.house import House, running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY, FRIDAY = "2026-12-01T08:00", "2026-12-04T22:00"
TASTES = {
    "mira": ("Amélie", "Groundhog Day", "When Harry Met Sally...", "Heat", "The Fugitive"),
    "tomas": ("Alien", "The Shining", "Toy Story", "Finding Nemo", "Back to the Future"),
    "june": ("Man on Wire", "Grizzly Man", "Zodiac", "Paddington 2", "Little Miss Sunshine"),
}
MOODS = {"mira": "Gripping", "tomas": "Light", "june": "Strange"}
PHRASES = [said(note(tilt.key)) for tilt in TILTS if tilt.log_odds > 0]


async def card(page: PageDriver, name: str) -> tuple[list[str], str]:
    """Keeps a picture of the newest card. Returns its films, headline first, and its whole text."""
    message = page.last_message("Why?")
    await expect(message).to_contain_text("What are you in the mood for")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await message.screenshot(path=SCREENSHOTS / f"context-{name}.png")
    return await films(message), await message.inner_text()


async def films(message: Locator) -> list[str]:
    headline = (await message.locator(".heading-2").first.inner_text()).strip()
    further = await message.locator("strong").all_inner_texts()
    return [re.sub(r" \(\d{4}\)$", "", headline), *further]


async def seen_by(
    page: PageDriver, house: House, moment: str, name: str
) -> dict[str, tuple[list[str], str]]:
    """Returns the films that each member is shown at a local time."""
    await page.set_clock(moment)
    found = {}
    for member in TASTES:
        await page.use(member)
        set_clock(house, moment)
        await page.command("/recommend private:True")
        found[member] = await card(page, f"{member}-{name}")
    return found


async def test_the_clock_and_the_mood_move_the_picks(browser: Browser, tmp_path: Path) -> None:
    async with (
        running(tmp_path, zone="Europe/Berlin", cooldown_days=0) as house,
        open_page(browser, house.local.page_url, member="mira") as page,
    ):
        await asyncio.gather(*(taste(house, member) for member in TASTES))
        morning = await seen_by(page, house, TUESDAY, "1-tuesday-morning")
        night = await seen_by(page, house, FRIDAY, "2-friday-night")
        for member in TASTES:
            early, late = morning[member], night[member]
            assert early[0] != late[0], f"{member} sees another order at least"
            assert not phrases_in(early[1]) & phrases_in(late[1]), "other reasons at another hour"
        told = [member for member in TASTES if phrases_in(night[member][1])]
        assert len(told) >= 2, "most are told that the hour mattered"
        assert any(set(morning[member][0]) != set(night[member][0]) for member in TASTES)
        assert len({tuple(shown) for shown, _ in night.values()}) == 3
        for member, mood in MOODS.items():
            await page.use(member)
            set_clock(house, FRIDAY)
            await page.click_button(page.last_message("Why?"), mood)
            await expect(page.last_message("Why?")).to_contain_text(f"· {mood.lower()}")
            shown, _ = await card(page, f"{member}-3-{mood.lower()}")
            assert len(set(shown) & set(night[member][0])) <= 1, member
        await page.command("/settings")
        panel = page.last_message("Your settings")
        await panel.screenshot(path=SCREENSHOTS / "context-settings.png")
        await asyncio.gather(*(the_clock_off(house, member) for member in TASTES))


def set_clock(house: House, moment: str) -> None:
    """Sets the clock to a local time again, since it went on meanwhile."""
    house.world.clock.set(datetime.fromisoformat(moment).replace(tzinfo=BERLIN))


def phrases_in(text: str) -> set[str]:
    return {phrase for phrase in PHRASES if phrase in text}


async def taste(house: House, member: str) -> None:
    """Makes a member rate the films of their taste."""
    async with house.member(member) as person:
        for title in TASTES[member]:
            outcome = await person.command("films", "rate", film=title, stars=5.0)
            assert "Got it" in outcome.text, outcome.text


async def the_clock_off(house: House, member: str) -> None:
    """With the clock off, the hour changes nothing."""
    async with house.member(member) as person:
        panel = (await person.command("films", "settings")).message
        await person.click(panel, "Ignore the time of day")
        shown = [await at(person, hours) for hours in (0, 10)]
        assert shown[0] == shown[1]


async def at(person: Person, hours: int) -> str:
    """Returns the text of a card some hours later."""
    await person.set_clock(advance=hours * 3600.0)
    return (await person.command("films", "recommend", private=True)).text
