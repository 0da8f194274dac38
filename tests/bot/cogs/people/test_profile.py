"""/profile, /compare and *Compare taste* over the wire."""

from collections.abc import Sequence
from typing import Any

from bot.playground import Person
from bot.playground.testing import Outcome, buttons_of, selects_of, walk
from bot.views.custom_ids import short_ids
from tests.house import Visit

EPHEMERAL = 64
STARS = (5.0, 5.0, 4.0, 4.0, 3.0, 5.0, 1.5, 4.5)
REFUSED = "I can't show you that person's taste."
OWN = "first let members here compare"


async def rate(person: Person, films: Sequence[int], stars: Sequence[float]) -> None:
    for film, given in zip(films, stars, strict=True):
        found = await person.command("films", "rate", film=f"film#{film}", stars=given)
        assert "Got it" in found.text


async def agree(person: Person) -> None:
    panel = (await person.command("films", "settings")).message
    assert "/compare" in (await person.click(panel, "Show my taste here")).text


async def consent(person: Person, label: str) -> str:
    """Presses a button of the message on who sees their taste, and returns its text."""
    panel = (await person.command("films", "privacy")).message
    shown = await person.click(panel, "Who sees my taste")
    return (await person.click(shown.message, label)).text


def known(visit: Visit, count: int) -> list[int]:
    """Returns the ids of the best known films that everybody may be shown."""
    library = visit.app.live.served.library.shown(adult_ok=False)
    return sorted(library.films, key=lambda film: (-library.fame.get(film, 0.0), film))[:count]


def pictures(outcome: Outcome) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (outcome.message or {}).get("attachments", [])
    return found


async def test_my_own_profile_and_my_ratings(visit: Visit) -> None:
    async with visit.member("mira") as mira:
        films = known(visit, 12)
        empty = await mira.command("films", "profile")
        assert "You haven't rated anything yet." in empty.text
        assert not pictures(empty)
        await rate(mira, films, (*STARS, 5.0, 4.0, 3.0, 2.5))
        shown = await mira.command("films", "profile")
        assert (shown.message or {})["flags"] & EPHEMERAL
        assert "12 ratings, ★ 3.9 on average." in shown.text
        assert "How sure I am" in shown.text
        assert "What I'd ask you next" in shown.text
        (picture,) = pictures(shown)
        assert picture["content_type"] == "image/png"
        assert (picture["width"], picture["height"] > 300) == (1000, True)
        assert "Films by decade" in picture["description"]
        items = [part for part in walk((shown.message or {})["components"]) if part["type"] == 12]
        assert items[0]["items"][0]["description"]
        asked = await mira.click(shown.message, "Rate it")
        assert "How was" in asked.text
        ratings = await mira.click(shown.message, "My ratings")
        await visit.house.restart()
        await takes_a_rating_back_and_puts_it_back(visit, mira, ratings, films)
        alone = await mira.command("dm", "profile")
        assert pictures(alone)
        public = await mira.command("films", "profile", private=False)
        assert not (public.message or {})["flags"] & EPHEMERAL
    await a_rating_by_button_comes_back_itself(visit)
    await without_the_drawing_process_the_text_comes_alone(visit)


async def takes_a_rating_back_and_puts_it_back(
    visit: Visit, mira: Person, ratings: Outcome, films: list[int]
) -> None:
    assert "12 films, newest first." in ratings.text
    assert "Page 1 of 2" in ratings.text
    second = await mira.click(ratings.message, "Next page")
    assert (second.message or {})["id"] == (ratings.message or {})["id"]
    last = selects_of(second.message or {})[0]["options"][-1]
    assert last["value"] == str(films[0])
    stored = "select stars, source from ratings where person_id = ? and film_id = ?"
    gone = await mira.select(second.message, 0, [last["value"]])
    assert "Done. I've taken back your rating" in gone.text
    assert "11 films" in gone.text
    assert visit.rows(stored, int(mira.id), films[0]) == []
    back = await mira.click(gone.message, "Undo")
    assert "I've put back your rating of" in back.text
    assert visit.rows(stored, int(mira.id), films[0]) == [(5.0, "command")]
    forged = await forge(visit, mira, back, f"rating-put-back:{films[0]}:11:0")
    assert "You can give anything from half a star to five" in forged.text


async def a_rating_by_button_comes_back_itself(visit: Visit) -> None:
    async with visit.member("june") as june:
        card = (await june.command("films", "recommend")).message
        await june.click(card, "Seen it")
        seen = (await june.click(card, "Seen it")).message
        await june.click(seen, "Liked")
        shown = await june.command("films", "profile")
        ratings = (await june.click(shown.message, "My ratings")).message
        stored = "select stars, source, at from ratings where person_id = ?"
        before = visit.rows(stored, int(june.id))
        option = selects_of(ratings or {})[0]["options"][0]
        gone = await june.select(ratings, 0, [option["value"]])
        assert visit.rows(stored, int(june.id)) == []
        await june.click(gone.message, "Undo")
        assert visit.rows(stored, int(june.id)) == before
        assert before[0][1] == "button"


async def test_a_match_needs_both_and_ends_with_either(visit: Visit) -> None:
    async with visit.member("mira") as mira, visit.member("june") as june:
        films = known(visit, 8)
        await rate(mira, films, STARS)
        await rate(june, films[:3], (5.0, 4.5, 1.5))
        assert OWN in (await mira.command("films", "compare", member=june.id)).text
        await agree(mira)
        for asked in (
            await mira.command("films", "compare", member=june.id),
            await mira.command("films", "profile", member=june.id),
        ):
            assert REFUSED in asked.text
            assert (asked.message or {})["flags"] & EPHEMERAL
        await agree(june)
        few = await mira.command("films", "compare", member=june.id)
        assert "## You and June" in few.text
        assert "There are only 3 films you've both rated" in few.text
        assert "%" not in few.text
        assert "You both love" in few.text
        assert "Where you differ" in few.text
        assert "June: 👎 disliked" in few.text
        await rate(june, films[3:], STARS[3:])
        found = await mira.command("films", "compare", member=june.id)
        assert "As a first guess, **" in found.text
        assert (
            "You've both rated 8 films, and you're within one star of each other on 7 of them."
            in found.text
        )
        assert "To watch together" in found.text
        other = await june.command("films", "compare", member=mira.id)
        assert percent(other) == percent(found)
        menu = await mira.menu("films", "Compare taste", june.id)
        assert percent(menu) == percent(found)
        both = await mira.click(found.message, "Pick for us both")
        assert "or you and June" in both.text
        profile = await mira.command("films", "profile", member=june.id)
        assert "## June's taste" in profile.text
        (picture,) = pictures(profile)
        assert "busiest hour for ratings" not in picture["description"]
        assert "How sure" not in profile.text
        assert "My ratings" not in buttons_of(profile.message or {})
        again = await mira.click(profile.message, "Compare our tastes")
        assert percent(again) == percent(found)
        assert "compares tastes with you" in await consent(june, "Don't compare my taste")
        for late in (
            await mira.click(profile.message, "Compare our tastes"),
            await mira.click(found.message, "Pick for us both"),
            await mira.command("films", "compare", member=june.id),
            await mira.menu("films", "Compare taste", june.id),
            await mira.command("films", "profile", member=june.id),
        ):
            assert REFUSED in late.text
            assert "%" not in late.text
        assert OWN in (await june.command("films", "compare", member=mira.id)).text
        assert "/compare" in await consent(june, "Let members compare tastes")
        assert percent(await mira.command("films", "compare", member=june.id)) == percent(found)


async def forge(
    visit: Visit, presser: Person, shown: Outcome, action: str, *people: int
) -> Outcome:
    """Puts a button about people in a message that was shown, and presses it."""
    found = shown.message or {}
    message = visit.house.world.message(int(found["channel_id"]), int(found["id"]))
    custom_id = ":".join(["mt1", action, *filter(None, [short_ids(people)])])
    item = {"type": 2, "id": 2, "style": 2, "label": "x", "custom_id": custom_id}
    message.components = [{"type": 1, "id": 1, "components": [item]}]
    return await presser.press(found, custom_id)


def percent(outcome: Outcome) -> str:
    return outcome.text.partition("%")[0].rpartition("**")[2]


async def test_no_other_route_leads_to_a_match(visit: Visit) -> None:
    """Neither from another place, nor by a forged button, nor after somebody left."""
    async with visit.member("mira") as mira, visit.member("june") as june:
        films = known(visit, 8)
        for person in (mira, june):
            await rate(person, films, STARS)
            await agree(person)
        found = await mira.command("films", "compare", member=june.id)
        assert "match**" in found.text
        assert (
            "I can only do that in a server"
            in (await mira.command("dm", "compare", member=june.id)).text
        )
        assert (
            "I can only do that in a server"
            in (await mira.command("dm", "profile", member=june.id)).text
        )
        assert "That's you." in (await mira.command("films", "compare", member=mira.id)).text
        bot = str(visit.house.world.bot.id)
        assert REFUSED in (await mira.command("films", "compare", member=bot)).text
        async with visit.member("olek") as olek:
            public = await mira.command("films", "profile", member=june.id, private=False)
            assert OWN in (await olek.click(public.message, "Compare our tastes")).text
            for action in ("compare", "pick-together"):
                forged = await forge(visit, mira, public, action, int(olek.id))
                assert REFUSED in forged.text
                assert (
                    "button doesn't work any more"
                    in (await forge(visit, mira, public, action)).text
                )
            await forge(visit, mira, public, "compare", int(june.id))
        user = visit.house.world.users[int(june.id)]
        visit.house.world.remove_member(visit.guild, user)
        pressed = f"mt1:compare:{short_ids([int(june.id)])}"
        for gone in (
            await mira.press(public.message, pressed),
            await mira.click(found.message, "Pick for us both"),
        ):
            assert REFUSED in gone.text
        visit.house.world.clock.advance(3600)
        visit.house.world.add_member(visit.guild, user)
        assert REFUSED in (await mira.command("films", "compare", member=june.id)).text
        assert visit.rows("select * from taste_consents where person_id = ?", int(june.id)) == []
        await agree(june)
        assert "match**" in (await mira.command("films", "compare", member=june.id)).text
        visit.house.world.faults.answer("GET", r"/guilds/\d+/members/", 403, code=50001)
        unsaid = await mira.command("films", "compare", member=june.id)
        visit.house.world.faults.clear()
        assert "Discord isn't answering." in unsaid.text


async def without_the_drawing_process_the_text_comes_alone(visit: Visit) -> None:
    async with visit.member("tomas") as tomas:
        await rate(tomas, known(visit, 3), (5.0, 4.0, 3.0))
        studio = visit.app.studio
        studio._waiting += 10
        busy = await tomas.command("films", "profile")
        studio._waiting -= 10
        assert "I couldn't draw the picture just now." in busy.text
        assert "3 ratings" in busy.text
        assert not pictures(busy)
        assert pictures(await tomas.command("films", "profile"))
