"""The headings of film cards (messages about a film), and the sentences under them."""

from bot.wording.speech import N_, Sentence, _, listed, ngettext, translated

FOR_YOU = {
    "any": N_("For you"),
    "now": N_("For you right now"),
    "tonight": N_("For you tonight"),
    "morning": N_("For you in the morning"),
    "afternoon": N_("For you in the afternoon"),
    "evening": N_("For you this evening"),
    "late-night": N_("For you, late at night"),
}
"""The heading of a person's picks, by the time that they are for."""

FIRST_PICKS = {
    "any": N_("First picks for you"),
    "now": N_("First picks for right now"),
    "tonight": N_("First picks for tonight"),
    "morning": N_("First picks for the morning"),
    "afternoon": N_("First picks for the afternoon"),
    "evening": N_("First picks for this evening"),
    "late-night": N_("First picks for a late night"),
}
"""The heading of the picks for a person whose taste is not known, by the time that they are for."""

TOGETHER = {
    "any": N_("For {company}"),
    "now": N_("For {company}, right now"),
    "tonight": N_("For {company}, tonight"),
    "morning": N_("For {company}, in the morning"),
    "afternoon": N_("For {company}, in the afternoon"),
    "evening": N_("For {company}, this evening"),
    "late-night": N_("For {company}, late at night"),
}
"""The heading of the picks for several people, by the time that they are for."""

TRENDING = {
    (True, "day"): N_("Trending here in the last day"),
    (True, "week"): N_("Trending here in the last week"),
    (True, "month"): N_("Trending here in the last month"),
    (True, "all-time"): N_("Most loved here of all time"),
    (False, "day"): N_("Trending everywhere in the last day"),
    (False, "week"): N_("Trending everywhere in the last week"),
    (False, "month"): N_("Trending everywhere in the last month"),
    (False, "all-time"): N_("All-time favourites"),
}
"""The heading of trending films, by whether only this server counts, and by the time within which
ratings count.
"""

RISING = {
    (True, "day"): N_("On the rise here in the last day"),
    (True, "week"): N_("On the rise here in the last week"),
    (True, "month"): N_("On the rise here in the last month"),
    (False, "day"): N_("On the rise everywhere in the last day"),
    (False, "week"): N_("On the rise everywhere in the last week"),
    (False, "month"): N_("On the rise everywhere in the last month"),
}
"""The heading of films on the rise, by whether only this server counts, and by the time within
which ratings count.
"""

NOTHING_TRENDS = {
    (True, "day"): N_(
        "No film got ratings from {n} or more people here in the last day, so here are "
        "all-time favourites instead. Rate some films to get this list going."
    ),
    (True, "week"): N_(
        "No film got ratings from {n} or more people here in the last week, so here are "
        "all-time favourites instead. Rate some films to get this list going."
    ),
    (True, "month"): N_(
        "No film got ratings from {n} or more people here in the last month, so here are "
        "all-time favourites instead. Rate some films to get this list going."
    ),
    (True, "all-time"): N_(
        "No film has ratings from {n} or more people here yet, so here are all-time "
        "favourites instead. Rate some films to get this list going."
    ),
    (False, "day"): N_(
        "No film got ratings from {n} or more people in the last day, so here are all-time "
        "favourites instead. Rate some films to get this list going."
    ),
    (False, "week"): N_(
        "No film got ratings from {n} or more people in the last week, so here are "
        "all-time favourites instead. Rate some films to get this list going."
    ),
    (False, "month"): N_(
        "No film got ratings from {n} or more people in the last month, so here are "
        "all-time favourites instead. Rate some films to get this list going."
    ),
}
"""What is said if no film trends, by whether only this server counts, and by the time that
counts.
"""


DECADES = {
    1920: N_("Before 1930", "choice"),
    1930: N_("1930s", "choice"),
    1940: N_("1940s", "choice"),
    1950: N_("1950s", "choice"),
    1960: N_("1960s", "choice"),
    1970: N_("1970s", "choice"),
    1980: N_("1980s", "choice"),
    1990: N_("1990s", "choice"),
    2000: N_("2000s", "choice"),
    2010: N_("2010s", "choice"),
    2020: N_("2020s", "choice"),
}
"""The decades that /recommend offers, by their first years."""


def decade_name(decade: int) -> str:
    """Returns a decade that a person asked for. decade: its first year."""
    return translated(DECADES[decade], "choice")


def usual_shelves_left_out(shelves: list[str]) -> str:
    """Returns the sentence that a surprise leaves out the person's usual shelves.

    shelves: the names of the most usual ones.
    """
    return _(
        "To surprise you, I left out your usual shelves, like {shelves}.", shelves=listed(shelves)
    )


def picks_for_you(time: str) -> str:
    """Returns the heading of a person's picks. time: the time that they are for."""
    return translated(FOR_YOU[time])


def first_picks(time: str) -> str:
    """Returns the heading of the picks for a person whose taste is not known.

    time: the time that they are for.
    """
    return translated(FIRST_PICKS[time])


def picks_together(time: str, company: list[str]) -> str:
    """Returns the heading of the picks for several people.

    time: the time that they are for.
    company: "you" and the names of the others.
    """
    return translated(TOGETHER[time], company=listed(company))


def trending(here: bool, window: str) -> str:
    """Returns the heading of trending films.

    here: True if only the ratings of this server count.
    window: the time within which ratings count, a key of `TRENDING`.
    """
    return translated(TRENDING[here, window])


def rising(here: bool, window: str) -> str:
    """Returns the heading of films that people rate more often than before.

    here: True if only the ratings of this server count.
    window: the time within which ratings count: "day", "week" or "month".
    """
    return translated(RISING[here, window])


def nothing_trends(here: bool, window: str, people: int) -> str:
    """Returns the sentence under a card that shows all-time favourites, because no film trends.

    here: True if only the ratings of this server count.
    window: the time within which ratings count, a key of `TRENDING`.
    people: how many people have to rate a film before it trends; three or more.
    """
    return translated(NOTHING_TRENDS[here, window], n=people)


def early_guess(left: int) -> str:
    """Returns the sentence under the picks of a person who has rated few films.

    left: how many more films to rate.
    """
    return ngettext(
        "This is an early guess. Rate {n} more film and I'll know you better.",
        "This is an early guess. Rate {n} more films and I'll know you better.",
        left,
    )


def tastes_hidden(names: str, count: int) -> str:
    """Returns the sentence that the picks do not follow the taste of some of the people."""
    return ngettext(
        "I couldn't use the taste of {names}, because they don't show it here. They can change "
        "that with `/settings`.",
        "I couldn't use the tastes of {names}, because they don't show them here. They can "
        "change that with `/settings`.",
        count,
        names=names,
    )


def all_tastes_hidden(names: str, count: int) -> str:
    """Returns the sentence that the picks follow only the taste of the person who asked."""
    return ngettext(
        "These picks are just for you. I couldn't use the taste of {names}, because they don't "
        "show it here. They can change that with `/settings`.",
        "These picks are just for you. I couldn't use the tastes of {names}, because they don't "
        "show them here. They can change that with `/settings`.",
        count,
        names=names,
    )


REFUSALS: dict[str, Sentence] = {
    "no-members-here": N_("There's nobody here to pick a film with. Ask me again in a server."),
    "not-a-card": N_(
        "That message isn't one of my film cards. Choose one that is, or try `/film`."
    ),
    "not-a-member": N_("You can only pick films together with members of this server."),
    "nothing-like-it": N_(
        "I don't know enough about {title} to find films like it. Try another film, or choose "
        "something else for *by*."
    ),
    "only-named": N_(
        "I only know {title} by name so far. Rate it if you've seen it, and ask me again in a day "
        "or two."
    ),
    "nothing-rises-ever": N_(
        "I can't tell what's on the rise over all time. Choose the last day, week or month instead."
    ),
    "somebody-elses-card": N_("That card isn't yours. Ask for your own with `/recommend`."),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {
    "all-tastes-hidden": all_tastes_hidden,
    "all-time-favourites": N_("All-time favourites"),
    "compared-by-facts": N_(
        "{title} doesn't have tags or enough ratings, so I compared everything else I know about "
        "it."
    ),
    "compared-by-tags": N_("Too few people have rated {title}, so I compared its tags instead."),
    "compared-without-tags": N_(
        "{title} doesn't have any tags, so I compared who loves it and everything else I know "
        "about it."
    ),
    "decade": decade_name,
    "early-guess": early_guess,
    "films-like": N_("Films like {title}"),
    "first-picks": first_picks,
    "no-usual-shelves": N_(
        "I don't know your usual shelves yet. Rate a few films, and I can really surprise you."
    ),
    "nothing-trends": nothing_trends,
    "opened-film": N_("Here's the film you opened"),
    "outside-your-shelves": N_("outside your usual taste"),
    "picks-for-you": picks_for_you,
    "picks-together": picks_together,
    "rising": rising,
    "tastes-hidden": tastes_hidden,
    "trending": trending,
    "usual-kinds-left-out": N_("To surprise you, I left out the tastes you chose in the quiz."),
    "usual-shelves-left-out": usual_shelves_left_out,
    "you": N_("you"),
}
"""A heading or a line below the picks, by the note's key."""
