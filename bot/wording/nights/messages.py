"""Texts of movie nights: the shortlist, the poll, what won, who came, and who counts."""

from datetime import datetime

from bot.services.nights.view_models import MemberFit, NightLine, NightView
from bot.services.view_models import Line
from bot.services.wording import safe, shorten
from bot.wording.feedback import film as film_name
from bot.wording.speech import N_, _, listed, minutes, ngettext, number, pgettext, translated

MAX_TITLE = 80
"""The most characters of a film's name in a message about a night."""

GREAT_FIT, GOOD_FIT, FAIR_FIT = 0.97, 0.9, 0.6
"""The shares of films that a film must beat for a member to be a great, a good or a fair fit."""


def film(name: str) -> str:
    """Returns a film's name in bold, which is cut if it is long. name: not escaped."""
    return film_name(shorten(name, MAX_TITLE))


def instant(at: datetime, style: str = "F") -> str:
    """Returns an instant that Discord shows to each person in their own time zone.

    style: Discord's letter: "F" for the day and the time, "R" for the distance from now.
    """
    return f"<t:{int(at.timestamp())}:{style}>"


def heading(view: NightView) -> str:
    """Returns the first lines of a message about a night: when it is, and where."""
    when, away = instant(view.starts_at), instant(view.starts_at, "R")
    if view.voice_id is None:
        return _("## Movie night\n{when} ({away})", when=when, away=away)
    voice = f"<#{view.voice_id}>"
    return _("## Movie night\n{when} ({away}) in {channel}", when=when, away=away, channel=voice)


def listed_film(place: int, found: NightLine, title: str, reason: str) -> str:
    """Returns a film of the shortlist: its place, its title and why it is on it.

    place: from 1.
    title: in markdown, with the length of the film.
    reason: in markdown; empty for none.
    """
    first = _("{n}. {film}", n=place, film=title)
    if found.votes is not None:
        votes = ngettext("{n} vote", "{n} votes", found.votes)
        return _("{entry} · {votes}", entry=first, votes=votes)
    return _("{entry} — {because}", entry=first, because=reason) if reason else first


def fits(found: NightLine) -> str:
    """Returns the line that says how well a film fits each member; empty for nobody."""
    return " · ".join(_fit(one) for one in found.fits)


def _fit(found: MemberFit) -> str:
    """Returns how well a film suits one member."""
    name = safe(found.name)
    if found.stars is not None:
        stars, give = number(found.stars.stars, 1), number(found.stars.give_or_take, 1)
        return _("{friend} ★ {guess} ± {give_or_take}", friend=name, guess=stars, give_or_take=give)
    if found.share is None:
        return _("{friend}: I don't know yet", friend=name)
    if found.share >= GREAT_FIT:
        return _("{friend}: a great fit", friend=name)
    if found.share >= GOOD_FIT:
        return _("{friend}: a good fit", friend=name)
    if found.share >= FAIR_FIT:
        return _("{friend}: a fair fit", friend=name)
    return _("{friend}: a bit of a stretch", friend=name)


def status(view: NightView) -> str:
    """Returns the last lines of the shortlist: what happens next."""
    if view.state == "planned":
        if view.counted is False:
            return _(
                "-# These are just films that lots of people like, because nobody here lets me "
                "use their taste. You can let me use yours in `/settings`."
            )
        return _(
            "-# Press *Start a poll* to vote, or *Take the first film* to go with my favourite."
        )
    if view.state == "polled" and view.poll_until is not None:
        return _("-# Vote in the poll. It ends {away}.", away=instant(view.poll_until, "R"))
    if view.state == "cancelled":
        return _("-# This movie night has been cancelled.")
    if view.chosen is None:
        return _("-# You've got a film for this movie night.")
    return _("-# You're watching {film}.", film=film(view.chosen.name))


def poll_question() -> str:
    """Returns the question of the poll. Discord shows no markdown there."""
    return pgettext("poll question", "Movie night: what should we watch?")


def poll_answer(line: Line) -> str:
    """Returns a film as an answer of the poll, which is short."""
    return shorten(line.name, 55) or "?"


def won(view: NightView) -> str:
    """Returns the announcement of the film: which one it is, how it was chosen, and when."""
    assert view.chosen is not None
    name = film(view.chosen.name)
    when = instant(view.starts_at)
    return "\n".join(
        [_("## {film} it is", film=name), _how(view), _("It starts on {when}.", when=when)]
    )


def _how(view: NightView) -> str:
    """Returns how the film of a movie night was chosen."""
    votes = max((one.votes or 0 for one in view.films), default=0)
    if view.chosen_by == "tie":
        return _(
            "{films} had {votes} each. In a tie, the one that's higher on my list wins.",
            films=listed(film(one.name) for one in view.tied),
            votes=ngettext("{n} vote", "{n} votes", votes),
        )
    if view.chosen_by == "no-votes":
        return _("Nobody voted, so I chose the first film on my list.")
    if view.chosen_by == "poll-gone":
        return _("The poll is gone, so I chose the first film on my list.")
    if view.chosen_by == "planner":
        return _("You went with the first film on my list.")
    return ngettext("It won with {n} vote.", "It won with {n} votes.", votes)


def scheduled() -> str:
    """Returns the line under what won that says that there is an event."""
    return _("-# You'll find this movie night in the server's events.")


def cancelled() -> str:
    """Returns the line under what won that says that the night does not take place."""
    return _("-# This movie night has been cancelled.")


def event_name(line: Line | None) -> str:
    """Returns the name of the scheduled event.

    line: the film; None if it may not be named to everybody in the server.
    """
    if line is None:
        return pgettext("event name", "Movie night")
    return shorten(pgettext("event name", "Movie night: {title}", title=line.name), 100)


def event_description(line: Line | None) -> str:
    """Returns the description of the scheduled event.

    line: the film; None if it may not be named to everybody in the server.
    """
    if line is None:
        return pgettext("event description", "We're watching a film together.")
    if line.runtime is None:
        return pgettext("event description", "We're watching {title}.", title=line.name)
    return pgettext(
        "event description",
        "We're watching {title}. It's {length} long.",
        title=line.name,
        length=minutes(line.runtime),
    )


def event_place(server: str) -> str:
    """Returns where an event without a voice channel is. server: its name."""
    return shorten(server, 100)


def card_question() -> str:
    """Returns the line under the card that is to be rated."""
    return _(
        "If you were at this movie night but I didn't notice, press *I was there*, "
        "then rate the film."
    )


def said_there(name: str) -> str:
    """Returns the answer to a person who says that they came to a movie night.

    name: the film's title, not escaped.
    """
    return _(
        "Got it, you were there, so I've marked {film} as seen. How did you like it?",
        film=film(name),
    )


def took_back_there() -> str:
    """Returns the answer to whoever takes that back."""
    return _("Got it, you weren't there, so I won't mark the film as seen.")


def question(server: str, slash: str, *, planner: bool) -> str:
    """Returns the question whether a person's taste counts in a server's movie nights.

    server: its name, not escaped.
    slash: the command for the settings, in markdown.
    planner: True if the person plans the movie night.
    """
    name = safe(server)
    if planner:
        why = _("You're planning a movie night in **{server}**.", server=name)
    else:
        why = _("Somebody's planning a movie night with you in **{server}**.", server=name)
    return _(
        "{invitation} Can I use your taste there? If you say yes, I'll pick films that suit you "
        "too, and leave out the ones you've seen or don't want. Others will see how well each film "
        "should suit you. It's the same switch as *Show my taste here* in {settings_command}, so "
        "members there will also see your favourites, with your name. Nobody sees your stars. "
        "I'll only ask once.",
        invitation=why,
        settings_command=slash,
    )


ANSWERS = {
    "yes": N_("Thanks. I'll use your taste, starting with that server's next movie night."),
    "no": N_("That's fine. You're still welcome to come, and I won't show anything about you."),
    "never": N_("Got it. I won't ask to use your taste again, in any server."),
}
"""What is said to whoever answered, by their answer."""


def answered(said: str) -> str:
    """Returns what is said to whoever answered the question. said: their answer, a key."""
    return translated(ANSWERS[said])


def unwritable(server: str, permissions: list[str]) -> str:
    """Returns a message to the planner: the bot may not write in the channel of their night.

    server: its name, not escaped.
    permissions: what is missing, in words; empty if that is not known.
    """
    if permissions:
        return _(
            "I can't post in the channel for your movie night in **{server}** any more, because "
            "I'm missing permissions there ({permissions}). Ask someone who manages the server "
            "to allow them, or plan a new movie night in another channel.",
            server=safe(server),
            permissions=listed(permissions),
        )
    return _(
        "I can't post in the channel for your movie night in **{server}** any more. Plan a new "
        "movie night in another channel.",
        server=safe(server),
    )


def no_event(server: str) -> str:
    """Returns a message to the planner: the event could not be made. server: its name."""
    return _(
        "I couldn't create the event for your movie night in **{server}**. The movie night "
        "is still on, and you can create an event for it yourself.",
        server=safe(server),
    )


BUTTONS = {
    "night-poll": N_("Start a poll", "button"),
    "night-first": N_("Take the first film", "button"),
    "night-cancel": N_("Cancel", "button"),
    "night-drop": N_("Cancel", "button"),
    "night-event": N_("Create an event", "button"),
    "night-there": N_("I was there", "button"),
    "night-not-there": N_("I wasn't there", "button"),
    "night-yes": N_("Count me in", "button"),
    "night-no": N_("No, thanks", "button"),
    "night-never": N_("Don't ask again", "button"),
}
"""The labels of the buttons, by their actions."""


def night_button(action: str) -> str:
    """Returns the label of a button. action: what a press does, a key of `BUTTONS`."""
    return translated(BUTTONS[action], "button")
