"""Who may do what, where: every command, button, menu and form of the bot, over the wire.

`PLACES` are the columns: who presses, in which kind of channel. `COMMANDS` and `ACTIONS` are the
rows: each names the rule that holds for it. `refusal` says what each rule means. Every channel has
one message of the bot. For each press it gets a button with the custom_id of that press, such as an
old or a forged message would have.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.testing import Outcome, Refused
from bot.playground.world.channels.uploads import made_attachment
from bot.playground.world.stage import whole_world
from bot.run import COGS
from storage.feedback import ratings
from storage.histories import drafts
from storage.people import quiz_answers
from storage.servers import guilds, schedules
from storage.servers.schedules import Schedule
from tests.clock import NOW
from tests.house import FEW_FILMS, House, running

ROOT = Path(__file__).resolve().parents[3]
ADULT = "Zzyzx Sins"
"""The title of the one film that is flagged adult. It is named in age-restricted channels only."""
TYPED = ADULT.lower()
FILE_ID, FILE_NAME = 1_000, "notes.txt"
"""A file without films, which people bring."""


@dataclass(frozen=True)
class Place:
    """Somebody in a channel.

    Attributes:
        who: the person: owner (of the bot), manager, member (who asked for the card), other.
        person: their name in the world.
        channel: the channel's name.
        kind: normal, family-safe, age-restricted, dm or user-installed.
        manages: True if they may manage the server.
    """

    who: str
    person: str
    channel: str
    kind: str
    manages: bool = False

    def __str__(self) -> str:
        return f"{self.who}-{self.kind}"


PLACES = (
    Place("owner", "robin", "screenings", "normal"),
    Place("manager", "tomas", "screenings", "normal", manages=True),
    Place("member", "june", "screenings", "normal"),
    Place("other", "olek", "screenings", "normal"),
    Place("owner", "robin", "films", "family-safe", manages=True),  # administers that server
    Place("manager", "mira", "films", "family-safe", manages=True),
    Place("member", "june", "films", "family-safe"),
    Place("other", "olek", "films", "family-safe"),
    Place("owner", "robin", "late-show", "age-restricted", manages=True),
    Place("manager", "mira", "late-show", "age-restricted", manages=True),
    Place("member", "june", "late-show", "age-restricted"),
    Place("other", "olek", "late-show", "age-restricted"),
    Place("member", "june", "dm", "dm"),
    Place("member", "mira", "general", "user-installed"),
)

COMMANDS: dict[str, tuple[str, dict[str, Any]]] = {
    "recommend": ("anyone", {}),
    "similar": ("typed film", {"film": TYPED}),
    "trending": ("anyone", {}),
    "watchlist": ("anyone", {}),
    "profile": ("anyone", {}),
    "compare": ("server's members", {}),
    "browse": ("anyone", {}),
    "film": ("typed film", {"title": TYPED}),
    "help": ("anyone", {}),
    "rate": ("typed film", {"film": TYPED, "stars": 4.0}),
    "unrate": ("typed film", {"film": TYPED}),
    "start": ("anyone", {}),
    "privacy": ("anyone", {}),
    "settings": ("anyone", {}),
    "import": ("unreadable file", {"file": str(FILE_ID)}),
    "setup post": ("manager's command", {"time": "19:00"}),
    "setup server": ("manager's command", {}),
    "setup reactions": ("manager's command", {}),
    "setup show": ("manager's command", {}),
    "movienight plan": ("server's command", {"when": "in 2 hours"}),
    "movienight history": ("server's command", {}),
    "lab models": ("owner's command", {}),
    "lab experiments": ("owner's command", {}),
    "status": ("owner's command", {}),
}
"""Command -> its rule, and the options it is used with."""

USER_MENU = "Compare taste"
MENUS = ("Rate this film", "More like this")
"""Commands in the menu of a message. They show the film of the message to whoever uses them."""

ACTIONS: dict[str, tuple[str, str, str | None]] = {
    "why": ("film", "{film}", None),
    "why-all": ("film", "{film}", None),
    "seen": ("film", "{film}", None),
    "nope": ("film", "{film}", None),
    "later": ("film", "{film}", None),
    "unmark": ("film", "{film}:later", None),
    "rate": ("film", "{film}:0", None),
    "unrate": ("film", "{film}", None),
    "open": ("film", "", "{film}"),
    "ask-stars": ("film", "{film}", None),
    "stars": ("film", "{film}", "4"),
    "like": ("film", "{film}", None),
    "content": ("film", "{film}", None),
    "another": ("who asked", "::::{film}", None),
    "mood": ("anyone", ":light:::{film}::2:9sko", None),
    "list": ("anyone", "1", None),
    "list-remove": ("film", "0", "{film}"),
    "list-restore": ("film", "{film}:0", None),
    "list-pick": ("anyone", "", None),
    "list-shared": ("server", "", None),
    "hidden": ("anyone", "1", None),
    "unhide": ("film", "0", "seen:{film}"),
    "hide": ("film", "seen:{film}:0", None),
    "shelf": ("anyone", "0", "{shelf}"),
    "rows": ("anyone", "1", None),
    "taste": ("anyone", "", None),
    "taste-set": ("server", "1", None),
    "compared-set": ("server", "1", None),
    "my-ratings": ("anyone", "0", None),
    "rating-take-back": ("film", "0", "{film}"),
    "rating-put-back": ("film", "{film}:10:0", None),
    "compare": ("server's members", "9sko", None),
    "pick-together": ("server's members", "9sko", None),
    "quiz": ("anyone", "", None),
    "form": ("anyone", "", None),
    "screen": ("who asked", "1", None),
    "pick": ("who asked", "1:loved", "{film}"),
    "name": ("who asked", "1", None),
    "named": ("anyone", "1", None),
    "this": ("who asked, film", "1", "{film}"),
    "ask": ("who asked", "", None),
    "again": ("who asked, film", "{film}", None),
    "answer": ("who asked, film", "{film}:liked", None),
    "told": ("who asked", "", None),
    "forget": ("who asked", "", None),
    "quiet": ("who asked", "on", None),
    "done": ("who asked", "", None),
    "export": ("anyone", "", None),
    "shapes": ("anyone", "1", None),
    "shares": ("anyone", "1", None),
    "imp-show": ("who brought it", "1", None),
    "imp-apply": ("who brought it", "1", None),
    "imp-ask": ("who brought it", "1", None),
    "imp-pick": ("who brought it", "1:0:", "skip"),
    "imp-likely": ("who brought it", "1", None),
    "imp-file": ("who brought it", "1", None),
    "imp-forget": ("who brought it", "1", None),
    "imp-share": ("who brought it", "1:1", None),
    "imp-undo": ("who brought it", "1", None),
    "erase": ("anyone", "", None),
    "erase-yes": ("anyone", "", None),
    "set-zone": ("anyone", "", None),
    "zone": ("anyone", "", None),
    "set-dial": ("anyone", "", "balanced"),
    "set-never": ("anyone", "", "Western"),
    "set-content": ("anyone", "", "gore"),
    "set-language": ("anyone", "", "en"),
    "switch": ("server", "taste:1", None),
    "post-open": ("manager", "", "{post}"),
    "post-preview": ("manager", "{post}", None),
    "post-pause": ("manager", "{post}", None),
    "post-resume": ("manager", "{post}", None),
    "post-fewer": ("manager", "{post}", None),
    "post-remove": ("manager", "{post}", None),
    "server-content": ("server's manager", "", "gore"),
    "scale-use": ("server's manager", "0", None),
    "post-restore": ("manager, forged channel", "1:1900:4:auto:::0", None),
    "digest-off": ("who gets it", "{digest}", None),
    "night-poll": ("no such night", "999", None),
    "night-first": ("no such night", "999", None),
    "night-event": ("no such night", "999", None),
    "night-cancel": ("no such night", "999", None),
    "night-drop": ("no such night", "999", None),
    "night-there": ("no such night", "999", None),
    "night-not-there": ("no such night", "999", None),
    "night-yes": ("nobody asked", "9sko", None),
    "night-no": ("nobody asked", "9sko", None),
    "night-never": ("nobody asked", "9sko", None),
}
"""Action -> its rule, the arguments of the custom_id, and the value chosen in a menu (None for a
button). {film} is the adult film, {post} a post of the club, {digest} Mira's digest of the club."""

FORMS: dict[str, dict[str, str]] = {
    "quiz": {"zone": "UTC"},
    "name": {"film": "Casablanca"},
    "set-zone": {"zone": "UTC"},
}
"""Action that opens a form -> what is typed into it."""

FORGED = (
    "mt0:why:1",
    "mt9:erase-yes",
    "mt1:nosuch:1",
    "mt1:why",
    "mt1:why:abc",
    "mt1:why:-1",
    "mt1:why:999999999999999999",
    "mt1:rate:1:99",
    "mt1:post-remove:999999999",
    "mt1:scale-use:999999999",
    "mt1:another:Nosuch:::0::zzzzzzzzzzzzzzzzzz",
    "mt1:another::::0:1::??",
    "mt1:another::::0:1::z-",
    "mt1:list:x",
    "mt1:list-restore:999999999:0",
    "mt1:unhide:0",
    "mt1:hide:genre:Nosuch:0",
    "mt1:hide:later:1:0",
    "mt1:night-poll:x",
    "mt1:night-yes:a.b.c.d",
    "mt1:night-never:",
    "another-bot:1",
)
"""Custom ids of other versions and of other bots, and ones that no version wrote."""

NOT_HERE = "I can't show it here"
NOT_KNOWN = "I don't (know|have) “zzyzx sins”"
MANAGERS = "Only people who can manage this server can do that."
NOT_YOURS = "isn't yours|is someone else's"


def refusal(rule: str, place: Place) -> str | None:
    """Returns a pattern of the words with which the bot refuses; None if it does what was asked."""
    match rule:
        case "film":  # the film may be shown here, to whoever presses
            return None if place.kind == "age-restricted" else NOT_HERE
        case "typed film":
            return None if place.kind == "age-restricted" else NOT_KNOWN
        case "who asked":  # the person who asked for the card, or began the quiz
            return None if place.who == "member" else NOT_YOURS
        case "who asked, film":
            return refusal("who asked", place) or refusal("film", place)
        case "server":  # there must be a server
            return "in a server" if place.kind == "dm" else None
        case "server's members":  # both must agree there that tastes are compared
            if place.kind in ("dm", "user-installed"):
                return "I can only do that in a server"
            return "let members here compare|that person's taste|That's you|You and Robin"
        case "manager, forged channel":
            return "can't see the channel" if place.manages else MANAGERS
        case "manager":  # people who may manage the server to which the post belongs
            if not place.manages:
                return MANAGERS
            return "isn't set up any more" if place.kind == "normal" else None
        case "server's manager":
            return None if place.manages else MANAGERS
        case "manager's command":  # Discord does not show it to others
            return None if place.manages else "hidden"
        case "server's command":  # Discord shows it in servers with the bot
            return "hidden" if place.kind in ("dm", "user-installed") else None
        case "no such night":
            return "That movie night doesn't exist any more"
        case "nobody asked":
            return "don't need an answer"
        case "owner's command":  # Discord shows it to administrators, and outside of servers
            if place.person == "robin" and place.manages:
                return None
            seen = place.person == "tomas" or place.kind in ("dm", "user-installed")
            return "whoever runs this bot" if seen else "hidden"
        case "unreadable file":
            return FILE_NAME
        case "who brought it":  # somebody who is in none of the places
            return "I don't have that file any more"
        case "who gets it":
            return None if place.person == "mira" else "isn't set up any more"
        case _:
            return None


@dataclass
class Theatre:
    """The house, its people at the page, and a message of the bot in every channel.

    Attributes:
        house: the house.
        people: name -> the person.
        film: id of the adult film.
        shelf: key of a shelf.
        digest: id of the club's digest.
        messages: channel's id -> the message.
        prepared: place and film -> what `prepare` stored for them, and the post.
    """

    house: House
    people: dict[str, Person]
    film: int
    shelf: str
    digest: int
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    prepared: dict[tuple[Place, int], tuple[list[Any], Schedule]] = field(default_factory=dict)

    def spelled(self, text: str, post: Schedule) -> str:
        values = {"film": self.film, "shelf": self.shelf, "digest": self.digest, "post": post.id}
        return text.format(**values)

    async def press(self, place: Place, custom_id: str, value: str | None) -> Outcome:
        """Gives the channel's message a button or menu, and lets the person of the place use it."""
        person = self.people[place.person]
        found = self.messages[person.channel(place.channel)]
        message = self.house.world.message(int(found["channel_id"]), int(found["id"]))
        item: dict[str, Any] = {"type": 2, "id": 2, "style": 2, "label": "x"}
        if value is not None:
            options = [{"label": "x", "value": value}]
            item = {"type": 3, "id": 2, "options": options, "min_values": 1, "max_values": 1}
        item["custom_id"] = custom_id
        message.components = [{"type": 1, "id": 1, "components": [item]}]
        return await person.press(found, custom_id, None if value is None else [value])

    def lives(self, but: str) -> list[tuple[Any, ...]]:
        """Returns how much is stored about everybody but one person."""
        one = int(self.people[but].id)
        tables = ("ratings", "film_marks", "preferences", "answers", "taste_consents", "card_acts")
        counts = " union all ".join(
            f"select '{table}', person_id, count(*) from {table} where person_id != {one}"
            " group by person_id"
            for table in tables
        )
        return sorted(self.house.rows(counts))


@pytest.fixture(scope="module")
async def theatre(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Theatre]:
    world = whole_world(NOW)
    club, rooftop, _ = world.guilds.values()
    olek = next(user for user in world.people() if user.username == "olek")
    world.add_member(rooftop, olek)
    folder = tmp_path_factory.mktemp("theatre")
    async with running(
        folder, world=world, max_films=FEW_FILMS, seed_reactions=False, tick_seconds=60
    ) as house:
        app = house.app
        film = max(app.live.served.library.films)
        async with app.db.write() as conn:
            await conn.exec_driver_sql(
                "update films set adult = 1, title = ?, audience = 'adults' where id = ?",
                (ADULT, film),
            )
            await guilds.setup(conn, rooftop.id, now=NOW, family_safe=False)
        await house.restart()
        app = house.app
        people = {user.username: house.member(user.username) for user in world.people()}
        for person in people.values():
            await person.__aenter__()
        unreadable = made_attachment(FILE_NAME, b"hello", world.ids)
        unreadable.id = FILE_ID
        world.uploads[FILE_ID] = unreadable
        async with app.db.write() as conn:
            await drafts.begin(conn, 1, source="plain", file="a.csv", told={}, now=NOW)
            await drafts.set_state(conn, 1, "waiting")
            await guilds.setup(conn, club.id, now=NOW)
            digest = await schedules.create(
                conn, club.id, theme="digest", post_time="10:00", days="0", now=NOW, next_at=None,
                manager_id=int(people["mira"].id),
            )  # fmt: skip
        shelving = await app.shelving.get(app.db, app.live, app.settings.corpus)
        found = Theatre(house, people, film, shelving.shelves.shelves[0].key, digest.id)
        for place in PLACES:
            channel = people[place.person].channel(place.channel)
            if place.who == "member" and channel not in found.messages:
                asked = await people[place.person].command(place.channel, "recommend")
                assert asked.message is not None
                found.messages[channel] = asked.message
        try:
            yield found
        finally:
            for person in people.values():
                await person.close()


def stored(theatre: Theatre, place: Place) -> list[Any]:
    """Returns the rows that `prepare` stores, as the actions since then have left them."""
    person = int(theatre.people[place.person].id)
    return [
        sorted(theatre.house.rows(f"select * from {table} where {whose} = ?", number), key=str)
        for table, whose, number in (
            ("ratings", "person_id", person),
            ("answers", "person_id", person),
            ("schedules", "guild_id", next(iter(theatre.house.world.guilds))),
        )
    ]


async def prepare(theatre: Theatre, place: Place) -> Schedule:
    """Stores what the actions need: an answer about the film, a rating, a post of the club.

    Does nothing if all of it is still stored.
    """
    known = theatre.prepared.get((place, theatre.film))
    if known is not None and known[0] == stored(theatre, place):
        return known[1]
    post = await store(theatre, place)
    theatre.prepared[place, theatre.film] = stored(theatre, place), post
    return post


async def store(theatre: Theatre, place: Place) -> Schedule:
    """Stores it in any case."""
    app, person = theatre.house.app, int(theatre.people[place.person].id)
    club = next(iter(theatre.house.world.guilds))
    async with app.db.write() as conn:
        film = str(theatre.film)
        await quiz_answers.add(conn, person, "shown", [film], screen=1, now=NOW)
        await ratings.state(
            conn, person_id=person, film_id=theatre.film, source="button", stars=5.0, at=NOW,
            scale={},
        )  # fmt: skip
        await schedules.change(conn, theatre.digest, NOW, manager_id=int(theatre.people["mira"].id))
        for old in await schedules.of_guild(conn, club):
            if old.theme != "digest":
                await schedules.remove(conn, old.id)
        return await schedules.create(
            conn, club, theme="auto", post_time="19:00", now=NOW, next_at=None, channel_id=1
        )


def ordinary(rule: str, place: Place) -> str | None:
    """Returns what `refusal` does, if the film is one that may be shown everywhere."""
    if rule in ("film", "typed film"):
        return None
    return refusal(rule.removesuffix(", film"), place)


def check(theatre: Theatre, place: Place, outcome: Outcome, expected: str | None) -> None:
    """Checks that the bot did what was asked, or refused it with these words."""
    shown = f"{outcome.text} {outcome.modal or ''}"
    assert outcome.error is None, outcome.error
    assert "Something went wrong" not in shown
    if place.kind != "age-restricted":
        assert ADULT not in shown
    if expected is not None:
        assert re.search(expected, shown), shown
    else:
        for words in (
            NOT_HERE,
            NOT_KNOWN,
            MANAGERS,
            NOT_YOURS,
            "isn't set up any more",
            "don't know that button",
        ):
            assert not re.search(words, shown), shown


def test_the_table_has_every_command_and_action(theatre: Theatre) -> None:
    found = set()
    for command in theatre.house.world.commands.values():
        inner = [x for x in command.get("options") or [] if x["type"] == 1]
        found |= {f"{command['name']} {x['name']}" for x in inner} or {command["name"]}
    assert {*COMMANDS, *MENUS, USER_MENU} == found
    cogs = {ROOT / f"{cog.__module__.replace('.', '/')}.py" for cog in COGS}
    texts = [path.read_text(encoding="utf-8") for path in cogs]
    named = {name for text in texts for name in re.findall(r'"([\w-]+)": self\.\w+', text)}
    assert ACTIONS.keys() == named


@pytest.mark.parametrize("place", PLACES, ids=str)
async def test_commands(theatre: Theatre, place: Place) -> None:
    person = theatre.people[place.person]
    await prepare(theatre, place)
    for name, (rule, options) in COMMANDS.items():
        given = dict(options)
        if name == "setup post":
            given["channel"] = person.channel(place.channel)
        if name == "compare":
            given["member"] = theatre.people["robin"].id
        expected = refusal(rule, place)
        try:
            outcome = await person.command(place.channel, name, **given)
        except Refused:
            assert expected == "hidden", name
            continue
        check(theatre, place, outcome, expected)
    shown = theatre.house.rows(
        "select distinct audience from impressions join films on films.id = film_id"
        " where person_id = ? and channel_id = ?",
        int(person.id),
        int(person.channel(place.channel)),
    )
    audiences = {audience for (audience,) in shown}
    assert audiences
    assert ("adults" in audiences) <= (place.kind != "family-safe")
    for name, option in (
        ("similar", "film"), ("rate", "film"), ("unrate", "film"), ("film", "title"),
    ):  # fmt: skip
        choices = await person.autocomplete(place.channel, name, option, "zzyzx")
        assert any(ADULT in x["name"] for x in choices) == (place.kind == "age-restricted")


@pytest.mark.parametrize("place", PLACES, ids=str)
async def test_actions(theatre: Theatre, place: Place) -> None:
    post, acted = await prepare(theatre, place), False
    before = theatre.lives(but=place.person)
    for action, (rule, arguments, value) in ACTIONS.items():
        if acted:  # what was refused has changed nothing
            post = await prepare(theatre, place)
        expected = refusal(rule, place)
        acted = expected is None
        custom_id = ":".join(filter(None, ("mt1", action, theatre.spelled(arguments, post))))
        chosen = None if value is None else theatre.spelled(value, post)
        outcome = await theatre.press(place, custom_id, chosen)
        check(theatre, place, outcome, expected)
        assert theatre.lives(but=place.person) == before, f"{action} acts for others too"
        if action.startswith("post-") and expected:
            kept = "select paused, days, disabled_reason from schedules where id = ?"
            assert theatre.house.rows(kept, post.id) == [(0, "0123456", None)]


@pytest.mark.parametrize("place", PLACES, ids=str)
async def test_menus(theatre: Theatre, place: Place) -> None:
    person = theatre.people[place.person]
    message = theatre.messages[person.channel(place.channel)]
    async with theatre.house.app.db.write() as conn:
        await conn.exec_driver_sql(
            "update cards set film_id = ? where message_id = ?", (theatre.film, int(message["id"]))
        )
    before = theatre.lives(but=place.person)
    for name in MENUS:
        outcome = await person.menu(place.channel, name, message["id"])
        check(theatre, place, outcome, refusal("film", place))
        assert theatre.lives(but=place.person) == before
    robin = theatre.people["robin"].id
    outcome = await person.menu(place.channel, USER_MENU, robin)
    check(theatre, place, outcome, refusal("server's members", place))


@pytest.mark.parametrize(
    "place",
    [x for x in PLACES if x.who == "member" and x.kind in ("normal", "dm", "user-installed")],
    ids=str,
)
async def test_everything_works_with_an_ordinary_film(theatre: Theatre, place: Place) -> None:
    """In a server, in a direct message and user-installed, with every form filled in and sent."""
    person = theatre.people[place.person]
    film = theatre.house.app.live.served.library.find("Casablanca (1942)")
    theatre = replace(theatre, film=film.id)
    opened = set()
    for action, (rule, arguments, value) in ACTIONS.items():
        post = await prepare(theatre, place)
        custom_id = ":".join(filter(None, ("mt1", action, theatre.spelled(arguments, post))))
        chosen = None if value is None else theatre.spelled(value, post)
        outcome = await theatre.press(place, custom_id, chosen)
        check(theatre, place, outcome, ordinary(rule, place))
        if outcome.modal is not None:
            opened.add(action)
            sent = await person.submit(outcome.modal, FORMS[action])
            check(theatre, place, sent, None)
            assert sent.text
    assert opened == FORMS.keys()
    for name, (rule, options) in COMMANDS.items():
        if rule == "typed film":
            given = {key: film.title if text == TYPED else text for key, text in options.items()}
            check(theatre, place, await person.command(place.channel, name, **given), None)
    message = theatre.messages[person.channel(place.channel)]
    async with theatre.house.app.db.write() as conn:
        await conn.exec_driver_sql(
            "update cards set film_id = ? where message_id = ?", (film.id, int(message["id"]))
        )
    for name in MENUS:
        check(theatre, place, await person.menu(place.channel, name, message["id"]), None)


@pytest.mark.parametrize("place", PLACES, ids=str)
async def test_forged_and_old_custom_ids(theatre: Theatre, place: Place) -> None:
    before = theatre.lives(but=place.person)
    for custom_id in FORGED:
        outcome = await theatre.press(place, custom_id, None)
        assert outcome.error is None, custom_id
        assert "Something went wrong" not in outcome.text, custom_id
        assert outcome.text, custom_id
        assert theatre.lives(but=place.person) == before
