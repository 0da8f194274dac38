"""Every command at the page, wide and narrow, dark and light, by the keyboard alone.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_surfaces.py

Each command of the bot has a walk here: what it answers, and where its main buttons, menus and
forms lead. A command without one fails. All that is seen is kept, once for each look, in
build/screenshots/surface-*.png. Nothing of it may be cut off, too wide, or too pale to read. With a
smaller MATINEE_SOAK there are two looks of the four.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from bot.playground import Person
from tests.bot.cogs.nights.evening import agree, rate_taste
from tests.bot.cogs.people.test_history_import_browser import history
from tests.bot.fitted import learn_stars
from tests.bot.fitted import rate as rate_films
from tests.browser import PATIENCE_MS, chromium, open_page
from tests.clock import club_world
from tests.house import FEW_FILMS, House, running
from tests.soak.keyboard import Keyboard
from tests.soak.process import SCALE

pytestmark = [pytest.mark.soak, pytest.mark.browser]

MEMBER, OTHER, FILMS = "mira", "june", "films"
TALL = 2400


@dataclass(frozen=True)
class Look:
    """A size of the window and a colour scheme.

    Attributes:
        width, height: pixels of the window. It is taller during the walk, to show whole messages.
        dark: True for dark colours.
    """

    width: int
    height: int
    dark: bool

    def __str__(self) -> str:
        return f"{self.width}-{'dark' if self.dark else 'light'}"


WIDE, NARROW = (1280, 860), (390, 844)
LOOKS = (Look(*WIDE, dark=True), Look(*NARROW, dark=False))
if SCALE >= 1:
    LOOKS += (Look(*WIDE, dark=False), Look(*NARROW, dark=True))


async def start(keys: Keyboard) -> None:
    await keys.driver.command("/start")
    form = await keys.see_form("start-form")
    await form.locator("[data-field=shelves] input").first.focus()
    await keys.driver.page.keyboard.press("Space")
    screen = await keys.submit("start-screen", zone="Europe/Berlin")
    screen = await keys.choose(screen, "pick", "start-picked")
    await keys.form(screen, "name", "start-name-form")
    await keys.submit("start-named", film="Casablanca")
    one = await keys.press(screen, "ask", "start-one")
    one = await keys.press(one, "answer", "start-answered")
    await keys.press(one, "done", "start-first-picks")
    await keys.driver.command("/start")
    await keys.see_form("start-form-again")
    screen = await keys.submit("start-screen-again")
    told = await keys.press(screen, "told", "start-told")
    await keys.choose(told, "again", "start-again")


async def recommend(keys: Keyboard) -> None:
    card = await keys.command("/recommend", "recommend")
    await keys.window("recommend")
    why = await keys.press(card, "why", "recommend-why")
    await keys.press(why, "why-all", "recommend-why-all")
    await keys.press(card, "seen", "recommend-seen")
    await keys.press(card, "later", "recommend-later")
    nope = await keys.press(card, "nope", "recommend-nope")
    await keys.press(nope, "unmark", "recommend-unmark")
    await keys.choose(card, "open", "recommend-open")
    await keys.press(card, "mood", "recommend-mood")
    await keys.press(card, "another", "recommend-another")
    await keys.react(card, "❤️", "recommend-reacted")
    private = await keys.command("/recommend private:True", "recommend-private")
    await keys.press(private, "rate", "recommend-rated")
    await keys.command("/recommend language:kor max_runtime:120", "recommend-filtered")
    await keys.command("/recommend with:June", "recommend-with")
    await keys.command("/recommend surprise:True", "recommend-surprise")
    await keys.command("/recommend genre:polka", "recommend-unknown", pick=False)


async def film(keys: Keyboard) -> None:
    page = await keys.command("/film title:casablanca", "film")
    await keys.press(page, "content", "film-content")
    await keys.press(page, "like", "film-like")
    asked = await keys.press(page, "ask-stars", "film-ask-stars")
    await keys.choose(asked, "stars", "film-stars")
    await keys.command("/film title:casablanca private:True", "film-private")
    await keys.command("/film title:zzyzx", "film-unknown", pick=False)


async def similar(keys: Keyboard) -> None:
    await keys.command("/similar film:casablanca", "similar")
    await keys.command("/similar film:casablanca by:both", "similar-both")


async def trending(keys: Keyboard) -> None:
    for name, shown in (("server", "server"), ("everywhere", "everywhere"), ("rising", "on the")):
        await keys.command(f"/trending scope:{shown}", f"trending-{name}")


async def rate(keys: Keyboard) -> None:
    await keys.command("/rate film:casablanca stars:4.5", "rate")
    await keys.command("/rate film:zzyzx stars:4.5", "rate-unknown", pick=False)


async def unrate(keys: Keyboard) -> None:
    await keys.command("/unrate film:casablanca", "unrate")
    await keys.command("/unrate film:casablanca", "unrate-again")


async def browse(keys: Keyboard) -> None:
    rows = await keys.command("/browse", "browse")
    await keys.choose(rows, "shelf", "browse-shelf")
    await keys.press(rows, "rows", "browse-rows")
    consent = await keys.press(rows, "taste", "browse-taste")
    await keys.press(consent, "compared-set", "browse-compared")
    await keys.press(consent, "compared-set", "browse-compared-again")


async def watchlist(keys: Keyboard) -> None:
    kept = await keys.command("/watchlist add:toy", "watchlist")
    await keys.press(kept, "list-pick", "watchlist-pick")
    await keys.press(kept, "list-shared", "watchlist-shared")
    kept = await keys.choose(kept, "list-remove", "watchlist-removed")
    await keys.press(kept, "list-restore", "watchlist-restored")
    await keys.command("/watchlist private:False", "watchlist-public")


async def profile(keys: Keyboard) -> None:
    own = await keys.command("/profile", "profile")
    mine = await keys.press(own, "my-ratings", "profile-ratings")
    gone = await keys.choose(mine, "rating-take-back", "profile-taken-back")
    await keys.press(gone, "rating-put-back", "profile-put-back")
    await keys.command("/profile member:June", "profile-other")


async def compare(keys: Keyboard) -> None:
    found = await keys.command("/compare member:June", "compare")
    await keys.press(found, "pick-together", "compare-together")


async def settings(keys: Keyboard) -> None:
    panel = await keys.command("/settings", "settings")
    await keys.choose(panel, "set-dial", "settings-dial")
    await keys.choose(panel, "set-never", "settings-never")
    await keys.choose(panel, "set-content", "settings-content")
    await keys.press(panel, "switch:quiet", "settings-switched")
    hidden = await keys.press(panel, "hidden", "settings-hidden")
    await keys.choose(hidden, "unhide", "settings-unhidden")
    await keys.form(panel, "set-zone", "settings-zone-form")
    await keys.submit("settings-zone", zone="Atlantis")
    await keys.command("/settings never:polka", "settings-unknown", pick=False)


async def privacy(keys: Keyboard) -> None:
    told = await keys.command("/privacy", "privacy")
    await keys.press(told, "shapes", "privacy-shapes")
    await keys.press(told, "shapes", "privacy-shapes-again")
    await keys.press(told, "export", "privacy-export")
    await keys.press(told, "erase", "privacy-erase")


async def help_(keys: Keyboard) -> None:
    await keys.command("/help", "help")


async def import_(keys: Keyboard) -> None:
    await keys.driver.type_command("/import")
    box = keys.driver.page.locator(".field-chip[data-option=file] input[type=file]")
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": keys.file}
    await box.set_input_files(file)  # type: ignore[arg-type]
    name = keys.driver.page.locator(".field-chip input[type=text]")
    await expect(name).to_have_value("mine.csv")
    shown = await keys.send("import")
    await keys.press(shown, "imp-ask", "import-questions")
    await keys.press(shown, "imp-show", "import-preview")
    await keys.press(shown, "imp-apply", "import-applied")
    await keys.press(shown, "imp-undo", "import-undone")


async def setup_post(keys: Keyboard) -> None:
    shown = await keys.command("/setup post channel:lounge time:19:00 zone:berlin", "setup-post")
    await keys.press(shown, "post-preview", "setup-post-preview")
    await keys.press(shown, "post-fewer", "setup-post-fewer")
    await keys.press(shown, "post-pause", "setup-post-paused")
    await keys.press(shown, "post-remove", "setup-post-removed")
    await keys.command("/setup post channel:lounge time:noonish", "setup-post-wrong", pick=False)


async def setup_server(keys: Keyboard) -> None:
    await keys.command("/setup server zone:berlin family_safe:True", "setup-server")


async def setup_reactions(keys: Keyboard) -> None:
    await keys.command("/setup reactions", "setup-reactions")
    drafted = await keys.command("/setup reactions emoji:🔥 5 👍 4 👎 1", "setup-reactions-own")
    used = await keys.press(drafted, "scale-use", "setup-reactions-used")
    await keys.press(used, "scale-use", "setup-reactions-usual")


async def setup_show(keys: Keyboard) -> None:
    shown = await keys.command("/setup show", "setup-show")
    await keys.choose(shown, "post-open", "setup-show-open")
    await keys.choose(shown, "server-content", "setup-show-content")


async def plan(keys: Keyboard) -> None:
    line = f"/movienight plan when:in 3 hours members:{keys.mention}"
    listed = await keys.command(line, "night", pick=False)
    await keys.press(listed, "night-poll", "night-poll")
    await keys.press(listed, "night-cancel", "night-cancelled")


async def night_history(keys: Keyboard) -> None:
    await keys.command("/movienight history", "night-history")


async def rate_menu(keys: Keyboard) -> None:
    page = await keys.command("/film title:rashomon", "menu-film")
    more = page.get_by_role("button", name="More actions")
    asked = await keys.menu(more, "Rate this film", "menu-rate")
    await keys.choose(asked, "stars", "menu-rated")


async def like_menu(keys: Keyboard) -> None:
    page = await keys.command("/film title:rashomon", "menu-film-again")
    await keys.menu(page.get_by_role("button", name="More actions"), "More like this", "menu-like")


async def taste_menu(keys: Keyboard) -> None:
    said = keys.driver.last_message("Good evening")
    await keys.menu(said.locator("button.author"), "Compare taste", "menu-compare")


async def status(keys: Keyboard) -> None:
    await keys.go("Matinee")  # a direct message, since they administer no server
    await keys.command("/status", "status")


async def lab_models(keys: Keyboard) -> None:
    await keys.command("/lab models", "lab-models")


async def lab_experiments(keys: Keyboard) -> None:
    await keys.command("/lab experiments", "lab-experiments")


WALKS: dict[str, Callable[[Keyboard], Awaitable[None]]] = {
    "start": start,
    "recommend": recommend,
    "film": film,
    "similar": similar,
    "trending": trending,
    "rate": rate,
    "unrate": unrate,
    "browse": browse,
    "watchlist": watchlist,
    "profile": profile,
    "compare": compare,
    "settings": settings,
    "privacy": privacy,
    "help": help_,
    "import": import_,
    "Rate this film": rate_menu,
    "More like this": like_menu,
    "Compare taste": taste_menu,
    "movienight plan": plan,
    "movienight history": night_history,
    "setup post": setup_post,
    "setup server": setup_server,
    "setup reactions": setup_reactions,
    "setup show": setup_show,
    "status": status,
    "lab models": lab_models,
    "lab experiments": lab_experiments,
}
"""Command -> its walk, in the order in which they are taken."""


async def _furnish(house: House, member: Person, other: Person) -> None:
    """Gives two members tastes that they show."""
    await learn_stars(house.app)
    for person in (member, other):
        await rate_films(house.app, int(person.id), 30)
        await agree(person)
        await rate_taste(house.app, person, person.name)


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A bot whose owner is the member who walks."""
    expect.set_options(timeout=PATIENCE_MS)
    world = club_world()
    world.application.owner_id = next(x.id for x in world.people() if x.username == MEMBER)
    folder = tmp_path_factory.mktemp("house")
    async with running(folder, world=world, max_films=FEW_FILMS) as house:
        async with house.member(MEMBER) as member, house.member(OTHER) as other:
            await _furnish(house, member, other)
        yield house


def test_every_command_has_a_walk(house: House) -> None:
    found = set()
    for command in house.world.commands.values():
        inner = [x for x in command.get("options") or [] if x["type"] == 1]
        found |= {f"{command['name']} {x['name']}" for x in inner} or {command["name"]}
    assert WALKS.keys() == found


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_every_command_at_the_page(house: House, look: Look) -> None:
    async with (
        house.member(OTHER) as other,
        chromium() as browser,
        open_page(
            browser,
            house.local.page_url,
            width=look.width,
            height=TALL,
            dark=look.dark,
            member=MEMBER,
        ) as page,
    ):
        keys = Keyboard(page, str(look), look.height, file=history(house), mention=f"<@{other.id}>")
        await other.say(FILMS, "Good evening")  # a page begins with the newest messages only
        await keys.go(FILMS)
        for walk in WALKS.values():
            await walk(keys)
        print(f"\n{look}: {len(keys.kept)} pictures")
        assert keys.faults == {}
