"""*What's hidden* in /settings over the wire: pages, bringing back, undo, after a restart too."""

import re

from bot.playground.testing import Outcome, buttons_of, selects_of
from storage.people import film_marks
from tests.clock import NOW
from tests.house import Visit

EPHEMERAL = 64


def names(outcome: Outcome) -> list[str]:
    return re.findall(r"^\*\*(.+?)\*\* ·", outcome.text, re.MULTILINE)


async def test_what_is_hidden_comes_back_and_can_be_hidden_again(visit: Visit) -> None:
    async with visit.member("mira") as mira:
        panel = (await mira.command("films", "settings")).message
        empty = await mira.click(panel, "What's hidden")
        assert "You haven't hidden anything." in empty.text
        assert empty.message is not None
        assert empty.message["flags"] & EPHEMERAL
        await mira.select(panel, 1, ["Horror", "Western"])
        card = (await mira.command("films", "recommend")).message
        await mira.click(card, "Not for me")
        films = sorted(visit.app.live.served.library.films)[-12:]
        async with visit.app.db.write() as conn:
            for film in films:
                await film_marks.mark(conn, int(mira.id), film, "seen", now=NOW)
        first = await mira.click(panel, "What's hidden")
        await visit.house.restart()
        assert names(first)[:2] == ["Horror", "Western"]
        assert "Page 1 of 2" in first.text
        second = await mira.click(first.message, "Next page")
        assert (second.message or {})["id"] == (first.message or {})["id"]
        assert len(names(first) + names(second)) == 15
        options = [
            x for one in (first, second) for x in selects_of(one.message or {})[0]["options"]
        ]
        kinds = [option["value"].partition(":")[0] for option in options]
        assert kinds.count("genre") == 2
        assert kinds.count("declined") == 1
        last = options[-1]
        back = await mira.select(second.message, 0, [last["value"]])
        assert "Got it, you haven't seen " in back.text
        assert len(names(back)) == 4
        again = await mira.click(back.message, "Undo")
        assert "is hidden again." in again.text
        before = await mira.click(again.message, "Previous page")
        genre = await mira.select(before.message, 0, ["genre:Horror"])
        assert "Horror is back in your picks." in genre.text
        undone = await mira.click(genre.message, "Undo")
        assert "I'll leave out Horror." in undone.text
        declined = next(x for x in selects_of(undone.message or {})[0]["options"]
                        if x["value"].startswith("declined"))  # fmt: skip
        found = await mira.select(undone.message, 0, [declined["value"]])
        assert "Got it. I may suggest" in found.text
        assert "Undo" in buttons_of(found.message or {})
