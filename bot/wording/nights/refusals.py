"""Texts of errors and notes about movie nights."""

from bot.wording.speech import N_, Sentence, _


def no_such_night_time(typed: str) -> str:
    """Returns the answer to a time that cannot be read."""
    return _(
        "I don't know when “{typed_time}” is. Try *tonight 20:30*, *fri 8pm*, *2026-12-24 19:00*, "
        "or *in 2 hours*.",
        typed_time=typed,
    )


def night_time_over(typed: str) -> str:
    """Returns the answer to a time in the past."""
    return _("“{past_time}” is in the past. When do you want to start?", past_time=typed)


def night_too_many(count: int) -> str:
    """Returns the answer to too many people. count: how many may come."""
    return _(
        "That's a lot of people. I can plan for up to {most_people}, including you.",
        most_people=count,
    )


def night_member_unknown(typed: str) -> str:
    """Returns the answer to text in which no member is mentioned."""
    return _(
        "I don't know who “{typed_member}” is. In *members*, mention people in this server with @.",
        typed_member=typed,
    )


def too_many_nights(count: int) -> str:
    """Returns the answer if a server has as many movie nights ahead as it may. count: how many."""
    return _(
        "This server already has {open_nights} movie nights coming up. Cancel one, or wait until "
        "one is over.",
        open_nights=count,
    )


REFUSALS: dict[str, Sentence] = {
    "no-such-night-time": no_such_night_time,
    "night-time-over": night_time_over,
    "night-too-far": N_("That's too far away. You can plan a movie night up to {days} days ahead."),
    "night-needs-company": N_(
        "Who's coming? Mention people in *members*, or choose a *voice* channel with people in it."
    ),
    "night-too-many": night_too_many,
    "night-member-unknown": night_member_unknown,
    "too-many-nights": too_many_nights,
    "no-such-night": N_(
        "That movie night doesn't exist any more. Plan a new one with `/movienight plan`."
    ),
    "somebody-elses-night": N_(
        "That's up to whoever planned this movie night, or anyone who can manage events "
        "here. Ask one of them."
    ),
    "night-went-on": N_(
        "That message is out of date. Look at my latest one about this movie night."
    ),
    "too-late-for-poll": N_(
        "There's no time left for a poll. Press *Take the first film* to go with my favourite."
    ),
    "night-not-shown": N_("The film hasn't started yet. Press that button again once it has."),
    "night-long-over": N_(
        "It's too late to say you were at that movie night. Rate the film with `/rate` instead."
    ),
    "night-question-old": N_(
        "I don't need an answer to that any more. To choose whether I use your taste, go to "
        "`/settings`."
    ),
    "night-permissions": N_(
        "I can't do that here, because I'm missing permissions ({permissions}). Ask someone who "
        "manages this server to allow them."
    ),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {
    "night-over": N_("How was the film?"),
}
"""The question on the card that is to be rated, by the note's key."""
