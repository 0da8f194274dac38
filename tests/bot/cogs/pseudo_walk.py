"""The walks of a member and a manager, with the bot in the pseudo-locale (changed English).

Labels are in the pseudo-locale too, so buttons and menus are found by the action that they run.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.playground import Person
from bot.playground.records import permissions
from bot.playground.testing import Outcome, text_of, walk
from bot.playground.testing.files import chosen_file
from bot.services.imports.person.preview import ImportProgress
from bot.views.custom_ids import parse
from bot.wording.people.history_import import progress
from bot.wording.speech import speaking
from bot.wording.speech.pseudo import ACCENTS
from tests.browser import PageDriver
from tests.clock import at, days_until
from tests.house import House, until

JSON = dict[str, Any]
TYPED = (
    *("Atlantis", "IST", "Klingon", "Koraan films", "Toy Stroy 9"),
    *("noonish", "polka", "zzyzx sins", "zzyzx", "mine.csv", "a.png"),
)
"""What people type that the bot does not know. It repeats that."""

VISIBLE = frozenset({"content", "label", "placeholder", "description", "title", "name"})
"""Names of the texts in what a bot sends that people read."""
UNREAD = re.compile(r"`[^`]*`|</[^<>]+>|<[^<>\s]+>|https?://\S+")
"""Parts of a text that are the same in every language: code, mentions and addresses."""

QUIZ, OWN, SETUP = "announcements", "late-show", "lounge"
"""Where some of the walks take place. A page shows the newest messages of a channel."""


@dataclass
class Walk:
    """A house in which people walked.

    Attributes:
        house: the house.
        log: the file with everything that the bot sent.
        page: Mira's page on a phone, open since before the walks; None without Chromium. A page
            that is loaded later has lost the messages that only she sees, as on Discord.
        seen: a message of each kind, by the name of the kind.
        choices: the names of all suggestions that people were offered.
    """

    house: House
    log: Path
    page: PageDriver | None
    seen: dict[str, JSON] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)

    def keep(self, name: str, outcome: Outcome) -> JSON:
        """Keeps the message of an outcome under a name, and returns it."""
        assert outcome.error is None, f"{name}: {outcome.error}"
        message = outcome.message or outcome.followups[-1]
        assert message is not None, name
        self.seen[name] = message
        return message

    async def suggest(self, person: Person, command: str, option: str, typed: str) -> JSON:
        """Returns the first suggestion for an option."""
        found = await person.autocomplete("films", command, option, typed)
        self.choices += [choice["name"] for choice in found]
        return found[0]


def components(message: JSON) -> list[JSON]:
    """Returns all components of a message."""
    return walk(message.get("components") or [])


def component(message: JSON, action: str, *arguments: str) -> JSON:
    """Returns the first button or menu of a message, or field of a form, that runs an action.

    arguments: the first arguments of the action; none for any.
    """
    for part in walk(message["components"]):
        found = parse(str(part.get("custom_id") or ""))
        if found and found.action == action and found.arguments[: len(arguments)] == arguments:
            return part
    raise AssertionError(f"no {action} {arguments} in {text_of(message)}")


async def press(person: Person, message: JSON, action: str, *arguments: str) -> Outcome:
    """Presses the button that runs an action, in the newest form of a message."""
    message = await person.message(message) or message
    return await person.press(message, component(message, action, *arguments)["custom_id"])


async def choose(person: Person, message: JSON, action: str, first: int = 1) -> Outcome:
    """Chooses the first options in a menu that runs an action, in a message's newest form."""
    message = await person.message(message) or message
    menu = component(message, action)
    values = [option["value"] for option in menu["options"][:first]]
    return await person.press(message, menu["custom_id"], values)


async def quiz(walk: Walk, person: Person) -> None:
    """From `/start` to the first picks, with every kind of answer."""
    opened = (await person.command(QUIZ, "start")).modal
    wrong = {"shelves": ["warm"], "zone": "Atlantis", "when": ["late night"], "never": ["War"]}
    walk.keep("quiz-zone", await person.submit(opened, wrong))
    opened = (await person.command(QUIZ, "start")).modal
    screen = walk.keep("quiz-screen", await person.submit(opened, {"zone": "UTC", "when": []}))
    await choose(person, screen, "pick", 3)
    named = (await press(person, screen, "name")).modal
    walk.keep("quiz-near", await person.submit(named, {"film": "Toy Stroy 9"}))
    named = (await press(person, screen, "name")).modal
    walk.keep("quiz-named", await person.submit(named, {"film": "Casablanca"}))
    one = walk.keep("quiz-one", await press(person, screen, "ask"))
    for answer in ("loved", "liked", "fine", "disliked", "unseen", "tempting"):
        film = parse(component(one, "answer")["custom_id"])
        assert film is not None
        one = walk.keep(
            f"quiz-{answer}", await press(person, one, "answer", film.arguments[0], answer)
        )
    walk.keep("first-picks", await press(person, one, "done"))
    opened = (await person.command(QUIZ, "start")).modal
    many = walk.keep("quiz-second", await person.submit(opened))
    told = walk.keep("quiz-answers", await press(person, many, "told"))
    again = walk.keep("quiz-again", await choose(person, told, "again"))
    many = walk.keep("quiz-second", await press(person, again, "screen"))
    walk.keep("quiz-answers", await press(person, many, "told"))


async def picks(walk: Walk, person: Person, other: Person) -> None:
    """Every command that recommends, and every button under a card."""
    walk.keep("newcomer", await other.command("films", "recommend"))
    card = walk.keep("card", await person.command("films", "recommend"))
    walk.keep("why", await press(person, card, "why"))
    walk.keep("seen", await press(person, card, "seen"))
    walk.keep("later", await press(person, card, "later"))
    nope = walk.keep("not-for-me", await press(person, card, "nope"))
    walk.keep("unmark", await press(person, nope, "unmark"))
    walk.keep("open", await choose(person, card, "open"))
    card = walk.keep("mood", await press(person, card, "mood"))
    walk.keep("another", await press(person, card, "another"))
    private = walk.keep("private", await person.command("films", "recommend", private=True))
    walk.keep("rated", await press(person, private, "rate"))
    options = {"mood": (await walk.suggest(person, "recommend", "mood", ""))["value"]}
    options["genre"] = (await walk.suggest(person, "recommend", "genre", "dra"))["value"]
    walk.keep("filtered", await person.command("films", "recommend", **options, max_runtime=180))
    korean = (await walk.suggest(person, "recommend", "language", "kor"))["value"]
    walk.keep("filtered", await person.command("films", "recommend", language=korean))
    for wrong in ("Klingon", "Koraan films"):
        walk.keep("wrong-language", await person.command("films", "recommend", language=wrong))
    walk.keep("nothing-left", await person.command("films", "recommend", genre="polka"))
    walk.keep("together", await person.command("films", "recommend", **{"with": other.id}))
    film = (await walk.suggest(person, "similar", "film", "casa"))["value"]
    for by in ("tags", "people", "both"):
        walk.keep("similar", await person.command("films", "similar", film=film, by=by))
    await person.command("films", "similar", film=film, measure="pearson")
    walk.keep("no-such-film", await person.command("films", "similar", film="zzyzx sins"))
    for scope in ("server", "everywhere", "rising"):
        walk.keep("trending", await person.command("films", "trending", scope=scope))
    walk.keep("surprise", await person.command("films", "recommend", surprise=True))
    await walk.suggest(person, "recommend", "language", "")
    page = walk.keep("film", await person.command("films", "film", title=film))
    walk.keep("film-private", await person.command("films", "film", title=film, private=True))
    walk.keep("content", await press(person, page, "content"))
    walk.keep("like", await press(person, page, "like"))
    asked = walk.keep("ask-stars", await press(person, page, "ask-stars"))
    walk.keep("stars", await choose(person, asked, "stars"))
    rows = walk.keep("browse", await person.command("films", "browse"))
    walk.keep("shelf", await choose(person, rows, "shelf"))
    walk.keep("rows", await press(person, rows, "rows"))
    consent = walk.keep("taste", await press(person, rows, "taste"))
    walk.keep("taste-set", await press(person, consent, "taste-set"))
    shelf = await walk.suggest(person, "browse", "shelf", "")
    walk.keep("shelf", await person.command("films", "browse", shelf=shelf["value"]))
    walk.keep("no-such-shelf", await person.command("films", "browse", shelf="zzyzx"))
    walk.keep("rate", await person.command("films", "rate", film=film, stars=4.5))
    walk.keep("unrate", await person.command("films", "unrate", film=film))
    walk.keep("unrate-twice", await person.command("films", "unrate", film=film))


async def lists(walk: Walk, person: Person) -> None:
    """What a person keeps for later, and what is hidden from them."""
    film = (await walk.suggest(person, "watchlist", "add", "toy"))["value"]
    kept = walk.keep("watchlist", await person.command(OWN, "watchlist", add=film))
    removed = walk.keep("list-remove", await choose(person, kept, "list-remove"))
    walk.keep("list-restore", await press(person, removed, "list-restore"))
    walk.keep("list-pick", await press(person, kept, "list-pick"))
    walk.keep("list-shared", await press(person, kept, "list-shared"))
    walk.keep("list-public", await person.command(OWN, "watchlist", private=False))
    panel = walk.keep("settings", await person.command(OWN, "settings"))
    hidden = walk.keep("hidden", await press(person, panel, "hidden"))
    back = walk.keep("unhide", await choose(person, hidden, "unhide"))
    walk.keep("hide", await press(person, back, "hide"))
    content = walk.keep("set-content", await choose(person, panel, "set-content"))
    walk.keep("set-content", await press(person, content, "set-content", "none"))


async def profile(walk: Walk, person: Person, other: Person) -> None:
    """What a person sees of their own taste and of another's, and of how the two match."""
    film = (await walk.suggest(person, "rate", "film", "toy"))["value"]
    for one in (person, other):
        await one.command(OWN, "rate", film=film, stars=4.5)
        panel = (await one.command(OWN, "browse")).message
        consent = walk.keep("taste", await press(one, panel or {}, "taste"))
        switch = component(consent, "taste-set")
        if switch["custom_id"].endswith("1"):
            consent = walk.keep("taste-set", await press(one, consent, "taste-set"))
        consent = walk.keep("compared-off", await press(one, consent, "compared-set"))
        walk.keep("compared-on", await press(one, consent, "compared-set"))
    shown = walk.keep("profile", await person.command(OWN, "profile"))
    ratings = walk.keep("my-ratings", await press(person, shown, "my-ratings"))
    gone = walk.keep("rating-taken-back", await choose(person, ratings, "rating-take-back"))
    walk.keep("rating-put-back", await press(person, gone, "rating-put-back"))
    theirs = walk.keep("profile-other", await person.command(OWN, "profile", member=other.id))
    found = walk.keep("compare", await press(person, theirs, "compare"))
    walk.keep("pick-together", await press(person, found, "pick-together"))
    walk.keep("compare-self", await person.command(OWN, "compare", member=person.id))
    walk.keep("compare-dm", await person.command("dm", "compare", member=other.id))


async def own(walk: Walk, person: Person) -> None:
    """What a person may read and change about themselves."""
    panel = walk.keep("settings", await person.command(OWN, "settings"))
    for action in ("set-dial", "set-never", "set-language"):
        walk.keep(action, await choose(person, panel, action))
    for switch in ("clock", "taste", "quiet"):
        walk.keep(switch, await press(person, panel, "switch", switch))
        back = walk.seen[switch]
        walk.keep(switch, await press(person, back, "switch", switch))
    form = (await press(person, panel, "set-zone")).modal
    walk.keep("zone", await person.submit(form, {"zone": "UTC+1"}))
    await walk.suggest(person, "settings", "zone", "par")
    await walk.suggest(person, "settings", "language", "")
    for option, wrong in (("zone", "IST"), ("never", "polka"), ("language", "Klingon")):
        walk.keep(f"wrong-{option}", await person.command(OWN, "settings", **{option: wrong}))
    told = walk.keep("privacy", await person.command(OWN, "privacy"))
    walk.keep("shapes", await press(person, told, "shapes"))
    walk.keep("export", await press(person, told, "export"))
    walk.keep("erase", await press(person, told, "erase"))
    walk.keep("help", await person.command(OWN, "help"))
    for command in ("status", "lab models", "lab experiments"):
        walk.keep(command, await person.command("dm", command))


async def history(walk: Walk, person: Person) -> None:
    """A film history from elsewhere, from the upload until it is undone."""
    films = sorted(walk.house.app.live.served.library.films.values(), key=lambda film: film.id)
    names = [name for film in films for name in {film.title, *film.aliases}]
    plain = [f for f in films if f.title.isalpha() and f.year and names.count(f.title) == 1]
    rows = [f"{film.title},{film.year},8," for film in plain[:2]]
    rows += [f"{plain[2].title},,6,", f"{plain[3].title},{plain[3].year},,yes", "zzyzx,1971,7,"]
    content = "\n".join(["title,year,rating,watchlist", *rows, ",,5,", ""]).encode()
    with speaking("pseudo"):
        kinds = ("reading", "comparing", "applying", "undoing")
        under_way = tuple(progress(ImportProgress(kind, 0, 0)) for kind in kinds)

    async def ended(outcome: Outcome) -> Outcome:
        async def is_over() -> bool:
            newest = await person.message(outcome.message or {})
            return newest is None or not text_of(newest).startswith(under_way)

        if outcome.message is not None:
            await until(is_over, "the file is read, applied or undone")
            return replace(outcome, message=await person.message(outcome.message))
        return outcome

    async def bring(name: str, content: bytes) -> Outcome:
        file = await chosen_file(person, name, content)
        return await ended(await person.command(OWN, "import", file=file))

    walk.keep("import-refused", await bring("a.png", b"\x89PNG\r\n\x1a\n" + bytes(64)))
    shown = walk.keep("import", await bring("mine.csv", content))
    walk.keep("import-file", await press(person, shown, "imp-file"))
    asked = walk.keep("import-questions", await bring("mine.csv", content))
    walk.keep("import-questions", await press(person, asked, "imp-ask"))
    again = walk.keep("import-again", await bring("mine.csv", content))
    walk.keep("import-guessed", await press(person, again, "imp-likely"))
    for name in ("import-shared", "import-private"):
        walk.keep(name, await press(person, again, "imp-share"))
    walk.keep("import-asked", await press(person, again, "imp-ask"))
    walk.keep("import-settled", await choose(person, again, "imp-pick"))
    walk.keep("import-back", await press(person, again, "imp-show"))
    walk.keep("import-brought", await ended(await press(person, again, "imp-apply")))
    same = walk.keep("import-same", await bring("mine.csv", content))
    walk.keep("import-forgotten", await press(person, same, "imp-forget"))
    walk.keep("import-undone", await ended(await press(person, again, "imp-undo")))
    last = walk.keep("import-applied", await bring("mine.csv", content))
    walk.keep("import-applied", await ended(await press(person, last, "imp-apply")))


async def manage(walk: Walk, manager: Person, member: Person) -> None:
    """What somebody sets up who manages the server."""
    walk.keep("setup-none", await manager.command(SETUP, "setup show"))
    lounge = manager.channel("lounge")
    walk.keep("setup-wrong", await manager.command(SETUP, "setup post", time="noonish"))
    post = walk.keep(
        "setup-post",
        await manager.command(
            SETUP, "setup post", channel=lounge, time="19:00", zone="UTC", language="English"
        ),
    )
    for action in ("post-preview", "post-fewer", "post-pause"):
        walk.keep(action, await press(manager, post, action))
    paused = walk.seen["post-pause"]
    walk.keep("post-resume", await press(manager, paused, "post-resume"))
    staff = {"channel": lounge, "theme": "staff", "member": manager.id, "days": "mon, thu"}
    walk.keep("setup-staff", await manager.command(SETUP, "setup post", **staff))
    wild = {"channel": lounge, "theme": "wild", "time": "23:00"}
    gone = walk.keep("setup-wild", await manager.command(SETUP, "setup post", **wild))
    walk.keep("post-remove", await press(manager, gone, "post-remove"))
    walk.keep("setup-server", await manager.command(SETUP, "setup server", language="discord"))
    walk.keep("setup-reactions", await manager.command(SETUP, "setup reactions"))
    own = {"emoji": "🔥 5 👍 4 👎 1"}
    draft = walk.keep("setup-draft", await manager.command(SETUP, "setup reactions", **own))
    used = walk.keep("setup-own-emoji", await press(manager, draft, "scale-use"))
    walk.keep("setup-usual-emoji", await press(manager, used, "scale-use"))
    show = walk.keep("setup-show", await manager.command(SETUP, "setup show"))
    walk.keep("post-open", await choose(manager, show, "post-open"))


async def posts(walk: Walk, manager: Person) -> None:
    """A post, a post that cannot be sent, and the weekly digest."""
    house, lounge = walk.house, manager.channel("lounge")
    world = house.world

    async def newest(channel: str, count: int) -> bool:
        found = [m for m in await manager.messages(channel) if m["author"].get("bot")]
        alone = [m for m in found if not m.get("interaction_metadata")]
        if len(alone) >= count:
            walk.seen[f"post-{channel}"] = alone[-1]
        return len(alone) >= count

    world.clock.set(at(1, "19:00:05", "UTC"))
    await until(lambda: newest("lounge", 1), "the post")
    world.clock.set(at(days_until(0, "UTC"), "10:00:05", "UTC"))
    await until(lambda: newest("dm", 1), "the digest")
    walk.seen["digest"] = walk.seen.pop("post-dm")
    channel = world.channels[int(lounge)]
    world.set_overwrite(channel, world.bot, deny=permissions.SEND_MESSAGES)
    world.clock.set(at(days_until(4, "UTC") + 7, "19:00:05", "UTC"))
    await until(lambda: newest("dm", 2), "the manager is told")
    walk.seen["stopped"] = walk.seen.pop("post-dm")


async def nights(walk: Walk, planner: Person, member: Person) -> None:
    """A movie night that is cancelled, and one from the shortlist to the card."""
    house, options = walk.house, {"when": "in 3 hours", "members": f"<@{member.id}>"}

    async def newest(action: str) -> bool:
        for message in reversed(await planner.messages(OWN, 100)):
            actions = [parse(str(x.get("custom_id") or "")) for x in components(message)]
            if any(found and found.action == action for found in actions):
                walk.seen[action] = message
                return True
        return False

    for wrong in ({"when": "noonish"}, {"members": "zzyzx"}, {"members": None}):
        given = options | wrong
        walk.keep("night-wrong", await planner.command(OWN, "movienight plan", **given))
    listed = walk.keep("night-list", await planner.command(OWN, "movienight plan", **options))
    polled = walk.keep("night-poll", await press(planner, listed, "night-poll"))
    walk.keep("night-off", await press(planner, polled, "night-cancel"))
    listed = walk.keep("night-list", await planner.command(OWN, "movienight plan", **options))
    await press(planner, listed, "night-first")
    await until(lambda: newest("night-event"), "the announcement")
    walk.keep("night-won", await press(planner, walk.seen["night-event"], "night-event"))
    house.world.clock.advance(3 * 3600.0 + 5)
    showing = "select count(*) from nights where state = 'showing'"
    await until(lambda: house.rows(showing) == [(1,)], "the film begins")
    house.world.clock.advance(5 * 3600.0)
    await until(lambda: newest("night-there"), "the card")
    there = walk.keep("night-said", await press(planner, walk.seen["night-there"], "night-there"))
    walk.keep("night-back", await press(planner, there, "night-not-there"))
    walk.keep("night-history", await planner.command(OWN, "movienight history"))


def sent_texts(log: Path) -> Iterator[str]:
    """Yields every text for people in what the bot sent, except the definitions of commands."""
    for line in log.read_text(encoding="utf-8").splitlines():
        exchange = json.loads(line)
        if exchange["method"] in ("POST", "PATCH") and not exchange["path"].endswith("/commands"):
            yield from texts(exchange["request_json"])


def texts(sent: object) -> Iterator[str]:
    """Yields the texts for people in a part of what the bot sent."""
    if isinstance(sent, dict):
        for key, value in sent.items():
            if key in VISIBLE and isinstance(value, str):
                yield value
            elif key != "emoji":
                yield from texts(value)
    elif isinstance(sent, list):
        for part in sent:
            yield from texts(part)


def plain_words(text: str, data: Collection[str]) -> list[str]:
    """Returns the words of a text that are in plain English.

    data: texts that are the same in every language, such as titles.
    """
    rest = UNREAD.sub(" ", text.replace("\\", ""))
    for cut in re.findall(r"([^·\n]+)…", rest):  # a long title may be cut
        if any(one.startswith(cut.strip()) for one in data):
            rest = rest.replace(f"{cut}…", " ")
    for known in sorted((one for one in data if one in rest), key=len, reverse=True):
        rest = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", " ", rest)
    words = re.findall(r"[^\W\d_]{2,}", rest)
    return [word for word in words if word.isascii() and any(ord(x) in ACCENTS for x in word)]
