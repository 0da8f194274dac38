"""Texts of scheduled posts themselves: the headings, and the sentences under the films."""

from bot.wording.speech import N_, Sentence, _, ngettext

REFUSALS: dict[str, Sentence] = {}
"""The sentence of each error, by the error's key."""


def rated_here_this_week(people: int) -> str:
    """Returns why a post shows a film: how many people of the server rated it this week."""
    return ngettext(
        "{n} person here rated it this week", "{n} people here rated it this week", people
    )


def a_favourite_of(member_id: str) -> str:
    """Returns the heading of a post that shows a member's favourites."""
    return _("A favourite of {member}", member=f"<@{member_id}>")


NOTES: dict[str, Sentence] = {
    "a-favourite-of": a_favourite_of,
    "next-post": N_("My next post is on <t:{timestamp}:F>."),
    "no-common-taste": N_(
        "I didn't pick this film for anybody's taste in particular. Once three people here "
        "like the same kind of film, I'll go by their taste."
    ),
    "rated-here": N_("Recently rated here"),
    "rated-here-this-week": rated_here_this_week,
    "todays-film": N_("Today's film"),
    "todays-wild-card": N_("Today's wild card"),
    "tonights-film": N_("Tonight's film"),
    "tonights-wild-card": N_("Tonight's wild card"),
}
"""The heading of a post or a line in it, by the note's key."""
