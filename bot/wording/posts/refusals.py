"""What managers read when a scheduled post cannot be set up or changed as they wish."""

from bot.wording.speech import N_, Sentence, _, ngettext


def too_many_posts(most: int) -> str:
    """Returns the answer to one more scheduled post than a server may have."""
    return ngettext(
        "A server can only have {n} scheduled post. Remove it first in `/setup show`.",
        "A server can only have {n} scheduled posts. Remove one first in `/setup show`.",
        most,
    )


def taste_not_shown(member_id: str) -> str:
    """Returns the answer if a member does not let the server see their taste."""
    return _(
        "{member} hasn't agreed to show their taste here. They can do that in `/settings`.",
        member=f"<@{member_id}>",
    )


REFUSALS: dict[str, Sentence] = {
    "favourites-hidden": N_(
        "This post showed a member's favourites, but that member doesn't show their taste "
        "here any more. They can change that in `/settings`."
    ),
    "favourites-used-up": N_("I don't have any of that member's favourites left to post here."),
    "no-days-typed": N_("Which days? Try *daily*, *weekends*, or *mon, thu*."),
    "no-favourites-member": N_("Whose favourites? Choose a *member*."),
    "no-post-channel": N_("Where should I post? Choose a *channel*."),
    "no-such-days": N_("I don't know the days “{typed}”. Try *daily*, *weekends*, or *mon, thu*."),
    "no-such-digest": N_(
        "That digest isn't set up any more. To get it back, use `/setup server digest:True`."
    ),
    "no-such-post": N_(
        "That post isn't set up any more. Use `/setup show` to see the ones that are."
    ),
    "once-a-week-already": N_(
        "This post already comes just once a week. If that's too often, pause it or remove it."
    ),
    "restored-channel-gone": N_(
        "I can't see the channel of that post any more. Set the post up again with `/setup post`."
    ),
    "taste-not-shown": taste_not_shown,
    "too-many-posts": too_many_posts,
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {}
"""The sentence of each note, by the note's key."""
