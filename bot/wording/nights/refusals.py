"""Texts of errors and notes about movie nights."""

from bot.wording.speech import N_, Sentence

REFUSALS: dict[str, Sentence] = {
    "no-such-night-time": N_(
        "I don't know when “{typed}” is. Try *tonight 20:30*, *fri 8pm*, *2026-12-24 19:00*, or "
        "*in 2 hours*."
    ),
    "night-time-over": N_("“{typed}” is over already. When do you want to start?"),
    "night-too-far": N_("That's too far off. Plan a movie night up to {days} days ahead."),
    "night-needs-company": N_(
        "Who's coming? Mention people in *members*, or choose a *voice* channel with people in it."
    ),
    "night-too-many": N_("That's a crowd. I can plan for up to {count} people, you included."),
    "night-member-unknown": N_(
        "I don't see who “{typed}” is. In *members*, mention people of this server with @."
    ),
    "too-many-nights": N_(
        "This server has {count} movie nights coming up. Cancel one, or wait until one is over."
    ),
    "no-such-night": N_("That movie night is gone. Plan a new one with `/movienight plan`."),
    "somebody-elses-night": N_(
        "Only whoever planned this night can do that, or somebody who may manage events here."
    ),
    "night-went-on": N_("This night has gone on in the meantime. Look at its newest message."),
    "too-late-for-poll": N_(
        "There's no time left for a poll. Press *Take the first* to go with my favourite."
    ),
    "night-not-shown": N_("The film hasn't started yet. Press that again once it has."),
    "night-long-over": N_("That night is long over. Rate the film with `/rate` instead."),
    "night-question-old": N_(
        "I don't need an answer to that any more. `/settings` has the switch."
    ),
    "night-permissions": N_("I can't do that in this channel: I need {permissions}."),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {
    "night-over": N_("How was it?"),
}
"""The sentence of each note, by the note's key."""
