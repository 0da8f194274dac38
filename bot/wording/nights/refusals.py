"""Texts of errors and notes about movie nights."""

from bot.wording.speech import N_, Sentence

REFUSALS: dict[str, Sentence] = {
    "no-such-night-time": N_(
        "I don't know when “{typed}” is. Try *tonight 20:30*, *fri 8pm*, *2026-12-24 19:00*, or "
        "*in 2 hours*."
    ),
    "night-time-over": N_("“{typed}” is in the past. When do you want to start?"),
    "night-too-far": N_("That's too far away. You can plan a movie night up to {days} days ahead."),
    "night-needs-company": N_(
        "Who's coming? Mention people in *members*, or choose a *voice* channel with people in it."
    ),
    "night-too-many": N_("That's a lot of people. I can plan for up to {count}, including you."),
    "night-member-unknown": N_(
        "I don't know who “{typed}” is. In *members*, mention people in this server with @."
    ),
    "too-many-nights": N_(
        "This server already has {count} movie nights coming up. Cancel one, or wait until one "
        "is over."
    ),
    "no-such-night": N_("That movie night is gone. Plan a new one with `/movienight plan`."),
    "somebody-elses-night": N_(
        "Only whoever planned this movie night can do that, or somebody who can manage events here."
    ),
    "night-went-on": N_(
        "This movie night has moved on in the meantime. Look at my latest message about it."
    ),
    "too-late-for-poll": N_(
        "There's no time left for a poll. Press *Take the first* to go with my favourite."
    ),
    "night-not-shown": N_("The film hasn't started yet. Press that button again once it has."),
    "night-long-over": N_("That movie night was too long ago. Rate the film with `/rate` instead."),
    "night-question-old": N_(
        "I don't need an answer to that any more. You can change it in `/settings`."
    ),
    "night-permissions": N_("I can't do that in this channel, because I need {permissions}."),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {
    "night-over": N_("How was it?"),
}
"""The sentence of each note, by the note's key."""
