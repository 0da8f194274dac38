"""The playground's page of messages shows everything that the bot can say."""

import aiohttp
import pytest
from playwright.async_api import Browser, expect

from bot.cli.play import MESSAGES
from bot.playground import start
from bot.wording.catalogues.checks import placeholders
from bot.wording.catalogues.draw import drawn
from bot.wording.catalogues.draw import main as draw
from bot.wording.catalogues.examples import MESSAGES as FITTING
from bot.wording.catalogues.examples import MODULES
from bot.wording.catalogues.extract import SourceMessage, source_messages
from bot.wording.catalogues.gallery import shown_languages, shown_messages
from bot.wording.speech.pseudo import OPEN
from tests.clock import club_world

PHONE = {"width": 390, "height": 844}


def test_every_message_is_shown_with_sample_data() -> None:
    shown = shown_messages("en")
    assert {message["source"] for message in shown} == {each.text for each in source_messages()}
    assert not [message for message in shown if "{" in message["text"].replace("{ variety", "")]
    both = [
        one["text"] for one in shown if one["source"].startswith("Your list only has {n} film.")
    ]
    assert len(both) == 2, "each form of a plural"


def test_each_example_fits_a_message() -> None:
    messages = source_messages()
    modules = {each.file.removeprefix("bot/wording/").removesuffix(".py") for each in messages}
    assert set(MODULES) <= modules
    for module, values in MODULES.items():
        used = [names(each) for each in messages if each.file == f"bot/wording/{module}.py"]
        assert set(values) <= frozenset().union(*used), module
    for beginning, values in FITTING.items():
        fitting = [names(each) for each in messages if each.text.startswith(beginning)]
        assert fitting, beginning
        assert set(values) <= frozenset().union(*fitting), beginning


def test_an_example_is_what_the_page_shows() -> None:
    shown = {message["text"] for message in shown_messages("en")}
    assert "my-film-export is a PDF. Upload a CSV or a zip instead." in shown
    assert "The column “countries” has “Germany”. Write DE instead." in shown
    assert not [text for text in shown if "portrait of a lady" in text and "zone" in text]


def test_each_message_says_where_it_is_read() -> None:
    about = {message["text"]: message["about"] for message in shown_messages("en")}
    assert not [text for text, where in about.items() if not where]
    assert about["Why?"] == "The label of each button on a card, by the action that it runs: why"
    assert about["Movie night"] == "the name of the scheduled event"
    assert about["That's you. Choose somebody else, or see your own taste with `/profile`."] == (
        "an error: compared with oneself"
    )


def test_the_same_seed_draws_the_same_messages(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_once = drawn("1f2e3d")
    assert drawn_once == drawn("1f2e3d") != drawn("1f2e3e")
    assert len({(each.place, each.text) for each in drawn_once}) == 60
    monkeypatch.setattr("sys.argv", ["draw", "1f2e3d"])
    draw()
    printed = capsys.readouterr().out
    assert "{" not in printed.replace("{ variety", "")
    assert all(f"{each.place or 'text'}: {each.about}]" in printed for each in drawn_once)


def names(message: SourceMessage) -> frozenset[str]:
    """Returns the names of a message's placeholders."""
    return placeholders(message.text) | placeholders(message.plural)


def test_the_pseudo_locale_is_among_the_languages() -> None:
    assert {"en", "pseudo"} <= set(shown_languages())
    words = [m for m in shown_messages("pseudo") if any(c.isalpha() for c in m["source"])]
    assert sum(OPEN in message["text"] for message in words) > 0.95 * len(words)


async def test_the_page_is_handed_the_messages_and_no_other_language() -> None:
    async with (
        start(club_world(), messages=MESSAGES) as local,
        aiohttp.ClientSession(local.page_url) as session,
    ):
        async with session.get("/api/wording") as answer:
            found = await answer.json()
        async with session.get("/api/wording?language=xx") as answer:
            assert answer.status == 404
    assert found["language"] == "en"
    assert found["messages"] == shown_messages("en")


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_the_page_fits_a_phone_in_every_language(browser: Browser) -> None:
    async with (
        start(club_world(), messages=MESSAGES) as local,
        await browser.new_page(viewport=PHONE) as page,
    ):
        await page.goto(f"{local.page_url}/messages")
        for language in shown_languages():
            await page.select_option("#language", language)
            await expect(page.locator("#messages")).to_have_attribute("data-language", language)
            articles = page.locator("article")
            await expect(articles).to_have_count(len(shown_messages(language)))
            width = await page.evaluate("document.documentElement.scrollWidth")
            assert width <= PHONE["width"]
        await page.select_option("#place", "button")
        labels = page.locator("article .as-button")
        buttons = [each for each in shown_messages(language) if each["place"] == "button"]
        await expect(labels).to_have_count(len(buttons))
        assert all(label.startswith(OPEN) for label in await labels.all_text_contents())
