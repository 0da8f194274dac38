"""What happens to the old bot. `make.py` runs this with the code of the old commit."""

import asyncio
import contextlib
import copy
import json
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.playground.objects import Message
from bot.playground.stage import default_world

from tests import house as old_house
from tests.driver import Outcome, Person, Refused, walk
from tests.house import House, running, shortened, until

BEGIN = datetime(2026, 3, 7, 19, tzinfo=UTC)
NIGHT = datetime(2026, 3, 9, 4, 0, 30, tzinfo=UTC)  # the nightly fit is due, and a backup before it
DIGEST = datetime(2026, 3, 9, 10, 0, 30, tzinfo=UTC)  # a Monday
FILMS = 400
EMOJI = ("❤️", "👍", "😐", "👎")
LEFT_ALONE = {
    "done", "post-remove", "digest-off", "forget", "unmark", "unrate", "erase", "erase-yes",
}  # fmt: skip
"""Buttons that are noted but not pressed, because they would remove what others need."""
KEPT = (
    "id", "channel_id", "author_id", "flags", "kind", "components", "metadata", "interaction",
    "visible_to", "webhook",
)  # fmt: skip
"""The fields of a message that are written down unchanged."""
COMMANDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("olek", "recommend", {}),
    ("mira", "start", {}),
    ("tomas", "start", {}),
    ("june", "start", {}),
    ("june", "browse", {}),
    ("mira", "settings", {}),
    ("tomas", "privacy", {}),
    ("mira", "setup post", {"channel": "films", "time": "20:00", "days": "daily", "zone": "UTC"}),
    ("mira", "setup post", {"channel": "films", "time": "21:00", "days": "weekends"}),
    ("mira", "setup show", {}),
    ("mira", "setup server", {"digest": True}),
    ("june", "trending", {}),
    ("tomas", "recommend", {"mood": "light"}),
    ("olek", "recommend", {"private": True}),
)
"""(member, command, options), in the order in which they are used."""


@dataclass
class Notes:
    """What is found on the way.

    Attributes:
        presses: kind of button -> how it is pressed.
        messages: message id -> the message as it was when a kind was first seen in it.
        waiting: (member, press) still to be done.
    """

    house: House
    presses: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    waiting: list[tuple[Person, dict[str, Any]]] = field(default_factory=list)

    async def see(self, person: Person, outcome: Outcome) -> None:
        """Notes the messages of an answer to a member, and each new kind of button in them.

        A form is sent with its defaults, if Discord accepts them.
        """
        for message in filter(None, (outcome.message, *outcome.followups)):
            self.see_message(person, message)
        if outcome.modal is not None:
            with contextlib.suppress(Refused):
                await self.see(person, await person.submit(outcome.modal))

    def note(self, known: Message, custom_id: str) -> Message:
        """Keeps the present state of a message that has a certain button. Returns what is kept.

        If it was kept before an answer gave it this button, it is kept once more under another id.
        """
        message = copy.deepcopy(known)
        while message.id in self.messages:
            if custom_id in str(self.messages[message.id].components):
                return self.messages[message.id]
            message.id += 1
        self.messages[message.id] = message
        return message

    def put_back(self, number: int) -> None:
        """Makes a message as it was when it was first seen; answers edit it."""
        message = copy.deepcopy(self.messages[number])
        self.house.world.channels[message.channel_id].messages[number] = message

    def see_message(self, person: Person, message: dict[str, Any]) -> None:
        """Notes a message that a member sees."""
        number, place = int(message["id"]), int(message["channel_id"])
        known = self.house.world.channels[place].messages[number]
        for one in walk(known.components):
            kind = str(one.get("custom_id", "")).partition(":")[2].partition(":")[0]
            if not kind or kind in self.presses or one["type"] not in (2, 3):
                continue
            noted = self.note(known, one["custom_id"])
            self.presses[kind] = {
                "message": str(noted.id),
                "channel": str(place),
                "visible_to": known.visible_to and str(known.visible_to),
                "custom_id": one["custom_id"],
                "type": one["type"],
                "values": [option["value"] for option in one.get("options", [])],
                "at_least": one.get("min_values", 1) if one["type"] == 3 else None,
            }
            self.waiting.append((person, self.presses[kind]))


def written(message: Message) -> dict[str, Any]:
    """Returns a message of the local Discord as plain values."""
    reactions = [
        {"name": one.name, "id": one.id, "animated": one.animated, "users": list(one.users)}
        for one in message.reactions
    ]
    return copy.deepcopy({key: getattr(message, key) for key in KEPT}) | {
        "timestamp": message.timestamp.isoformat(),
        "reactions": reactions,
    }


async def live(house: House) -> dict[str, Any]:
    """Lets the members live two days. Returns what is written to discord.json."""
    notes = Notes(house)
    people = {name: house.member(name) for name in ("mira", "tomas", "june", "olek")}
    for person in people.values():
        await person.__aenter__()
    for name, command, options in COMMANDS:
        if "channel" in options:
            options = options | {"channel": people[name].channel(options["channel"])}
        await notes.see(people[name], await people[name].command("films", command, **options))
    while notes.waiting:
        person, press = notes.waiting.pop(0)
        message = {"id": press["message"], "channel_id": press["channel"]}
        notes.put_back(int(press["message"]))
        kind = press["custom_id"].split(":")[1]
        if kind in LEFT_ALONE:
            if kind == "erase":  # asks first
                await notes.see(person, await person.press(message, press["custom_id"], None))
            continue
        values = press["values"][: max(1, press["at_least"] or 0)] if press["type"] == 3 else None
        outcome = await person.press(message, press["custom_id"], values)

        await notes.see(person, outcome)
    await rate(house, people, notes)
    await people["mira"].set_clock(NIGHT.isoformat())
    await until(
        lambda: house.rows("select 1 from model_versions where is_live") != [], "a fit", 120
    )
    await until(lambda: any(house.settings.backups.glob("*.sqlite3")), "a backup", 60)
    await people["mira"].set_clock(DIGEST.isoformat())
    private = int(people["mira"].channel("dm"))
    await until(lambda: "digest-off" in str(house.world.channels[private].messages), "a digest", 60)
    for message in list(house.world.channels[private].messages.values()):
        notes.see_message(people["mira"], {"id": message.id, "channel_id": private})
    settings = {name: (await one.command("films", "settings")).text for name, one in people.items()}
    for person in people.values():
        await person.close()
    return {
        "revision": house.rows("select version_num from alembic_version")[0][0],
        "model": house.app.live.served.model.version,
        "ratings": house.rows("select person_id, film_id, stars from ratings"),
        "film_marks": house.rows("select person_id, film_id, kind from film_marks"),
        "schedules": house.rows("select id, channel_id, theme from schedules"),
        "settings": {name: without_time(text) for name, text in settings.items()},
        "presses": sorted(notes.presses.values(), key=lambda press: press["custom_id"]),
        "commands": house.world.commands,
        "messages": [written(message) for message in notes.messages.values()],
    }


async def rate(house: House, people: dict[str, Person], notes: Notes) -> None:
    """Everybody rates a card by a reaction and eight films by name."""
    shown: list[int] = []
    titles = house.rows("select title from films where retired_at is null order by id limit 32")
    for number, person in enumerate(people.values()):
        card = await person.command("films", "recommend")
        await notes.see(person, card)
        shown.append(int(card.message["id"]))
        await person.react(card.message, EMOJI[number])
        for turn, (title,) in enumerate(titles[8 * number : 8 * number + 8]):
            await person.command("films", "rate", film=title, stars=float(1 + (turn + number) % 5))
    await until(
        lambda: house.rows("select count(*) from ratings where source = 'reaction'")[0][0] >= 4,
        "four reactions are stored",
    )
    for number in shown:
        message = house.world.channels[int(people["mira"].channel("films"))].messages[number]
        notes.messages[number] = copy.deepcopy(message)


def without_time(text: str) -> str:
    """Returns the text of /settings without the heading's changing parts."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("-# "))


async def main(folder: Path) -> None:
    """Writes `data` and `discord.json` into a folder."""
    stocked = old_house.stocked

    async def stocked_with_few(database: Path) -> None:
        await stocked(database)
        shortened(database, FILMS)

    old_house.stocked = stocked_with_few
    chosen: dict[str, Any] = {"retrain_after": 0, "keep_backups": 7}
    world = default_world()
    world.clock.set(BEGIN)
    async with running(folder, world=world, **chosen) as house:
        found = await live(house)
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    (folder / "discord.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    assert timedelta(days=2) > DIGEST - BEGIN > timedelta(days=1)
    asyncio.run(main(Path(sys.argv[1])))
