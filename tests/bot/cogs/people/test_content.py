"""Content to leave out, over the wire: in `/settings` for a person, in `/setup` for a server."""

from typing import Any

from bot.playground import Person
from bot.playground.testing import Outcome, buttons_of, selects_of, text_of
from tests.house import Visit

CRIME, LEFT_OUT = (
    "White Heat (1949)",
    "content that you or this server don't want to see",
)
VIOLENCE = ["graphic-violence", "gore", "torture"]


def menu(message: Any) -> dict[str, Any]:
    """Returns the menu for content of a message."""
    return next(one for one in selects_of(message) if "ontent" in one["placeholder"])


def ticked(message: Any) -> list[str]:
    return [one["value"] for one in menu(message)["options"] if one.get("default")]


async def choose(person: Person, message: Any, values: list[str]) -> Any:
    outcome = await person.select(message, menu(message)["custom_id"], values)
    assert outcome.error is None
    assert outcome.message is not None
    assert outcome.message["id"] == message["id"], "the message itself changes"
    return outcome.message


async def likeness(person: Person, channel: str = "films") -> Outcome:
    return await person.command(channel, "similar", film=CRIME, private=True)


async def test_a_person_leaves_content_out_and_brings_it_back(visit: Visit) -> None:
    async with visit.member("mira") as mira, visit.member("june") as june:
        await mira.command("films", "setup server", family_safe=False)
        panel = (await mira.command("films", "settings")).message
        assert "Content I leave out: **none**" in text_of(panel or {})
        assert "Allow all content" not in buttons_of(panel or {})
        assert len(menu(panel)["options"]) >= 20
        assert "Blood and wounds are shown in detail." in [
            one["description"] for one in menu(panel)["options"]
        ]
        panel = await choose(mira, panel, VIOLENCE)
        said = "films that I know have gore, graphic violence, and torture in them"
        assert f"Got it. I'll leave out {said}" in text_of(panel)
        assert sorted(ticked(panel)) == sorted(VIOLENCE)
        assert LEFT_OUT in (await likeness(mira)).text
        assert "don't want to see" in (await likeness(mira, "dm")).text
        assert LEFT_OUT not in (await likeness(june)).text, "it is her wish alone"
        undone = await mira.click(panel, "Allow all content")
        assert "I won't leave out films because of their content any more." in undone.text
        assert ticked(undone.message) == []
        assert LEFT_OUT not in (await likeness(mira)).text
        stored = "select kind, value from preferences where person_id = ?"
        assert visit.rows(stored, int(mira.id)) == []


async def test_a_server_leaves_content_out_and_brings_it_back(visit: Visit) -> None:
    async with visit.member("mira") as mira, visit.member("june") as june:
        await mira.command("films", "setup server", family_safe=False)
        shown = (await mira.command("films", "setup show")).message
        assert "Content I leave out: **none**" in text_of(shown or {})
        shown = await choose(mira, shown, VIOLENCE)
        assert "**gore, graphic violence, and torture**" in text_of(shown)
        assert LEFT_OUT in (await likeness(june)).text
        assert LEFT_OUT not in (await likeness(june, "dm")).text, "it is this server's wish"
        panel = (await june.command("films", "settings")).message
        assert ticked(panel) == [], "her own settings are hers"
        again = (await mira.command("films", "setup show")).message
        undone = await mira.click(again, "Allow all content")
        assert "I won't leave out films because of their content any more." in undone.text
        assert LEFT_OUT not in (await likeness(june)).text


async def test_the_page_of_a_film_marks_what_one_leaves_out(visit: Visit) -> None:
    async with visit.member("mira") as mira, visit.member("june") as june:
        panel = (await mira.command("films", "settings")).message
        await choose(mira, panel, VIOLENCE)
        page = (await june.command("films", "film", title=CRIME)).message
        mine = await mira.click(page, "Content warnings")
        assert "**graphic violence**, which you asked me to leave out." in mine.text
        theirs = await june.click(page, "Content warnings")
        assert "**graphic violence**. Violence is shown in detail." in theirs.text
