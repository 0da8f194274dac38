"""The text of `/help`: three lines on what to try first, then every command."""

import re
from collections.abc import Callable

from bot.wording.speech import N_, translated

FIRST = (
    N_("**Try first**"),
    N_("1. `/start`: a short form and a few films, and I know what to show you."),
    N_(
        "2. `/recommend`: a film for you, now. React with ❤️ 👍 😐 👎 and your next picks get "
        "better."
    ),
    N_("3. `/similar`: name a film you love, and I'll find more like it."),
)
"""The first part, line by line."""

EVERYTHING = (
    N_("**Everything**"),
    N_(
        "Give `/recommend` a *mood*, a *genre*, a *language*, a *decade*, or a *max_runtime* in "
        "minutes. *surprise* leaves your usual shelves. Add *private* so only you see the answer, "
        "or *with* to bring up to three members along. You can also tap a mood under a card."
    ),
    N_(
        "`/watchlist` is what you keep with *Later*, best for right now first. It picks one for "
        "tonight, and shows what several of you keep."
    ),
    N_("`/profile` is your taste as a picture, with your ratings and how well I know you."),
    N_(
        "`/compare member` says how well your tastes match, if you both let members compare. It's "
        "in a member's *Apps* menu too: **Compare taste**."
    ),
    N_(
        "Watch together: `/movienight plan` finds films that suit all of you, makes a poll and an "
        "event, and asks how it was. `/movienight history` is what you've watched."
    ),
    N_("`/browse` shows shelves, your favourites first. Add *shelf* to see a whole one."),
    N_("`/similar film` says which tags two films share. *by* compares people's ratings too."),
    N_(
        "`/film title` is a film's page: who made it, what it's like, who loves it, and what to "
        "know before you watch."
    ),
    N_("`/trending` shows what people are rating right now, or loved most of all time."),
    N_("`/rate film stars` and `/unrate film` work for any film, with half stars."),
    N_("You can take `/start` again. Your answers are filled in, and you can change them."),
    N_(
        "`/settings` has your time zone, how adventurous I may be, genres and content I leave out, "
        "what's hidden, and switches."
    ),
    N_(
        "`/import file` brings in what you've rated elsewhere, such as on Letterboxd or IMDb. You "
        "see first what changes, and you can undo it."
    ),
    N_("`/privacy` shows, exports or deletes everything I know about you."),
    N_("`/setup` is for people who manage a server: posts that come by themselves, and settings."),
)
"""The second part, line by line."""

CARDS = (
    N_(
        "On a card, **Why?**, **Seen it**, **Not for me** and **Later** are for whoever presses "
        "them, no matter who asked. Take a reaction away and its rating goes too. If you react "
        "twice, the newest counts."
    ),
    N_(
        "Open the menu of a card, then *Apps*: **Rate this film** and **More like this** are there."
    ),
)
"""The third part, line by line."""


GROUPS = ("setup", "lab", "movienight")
"""The commands that have subcommands. Discord lets people tap only the subcommands."""

COMMAND = re.compile(r"`/([a-z]+)(?: ([a-z ]+))?`")
"""A command in a text, perhaps with the name of a subcommand or of options."""


POSTERS = (
    N_(
        "-# Posters: TMDB. Where to watch: JustWatch, through TMDB. I use the TMDB API, but I'm "
        "not endorsed or certified by TMDB."
    ),
)
"""The last part, where posters are fetched."""


def help_text(slash: Callable[[str], str], *, posters: bool = False) -> str:
    """Returns the answer to `/help`.

    slash: returns the markdown of a command, which people can tap, for the command's name.
    posters: True if posters are fetched from TMDB, which asks to be named.
    """
    shown = (FIRST, EVERYTHING, CARDS, *([POSTERS] if posters else []))
    parts = ("\n".join(translated(line) for line in part) for part in shown)
    return COMMAND.sub(lambda found: _tappable(found[1], found[2], slash), "\n\n".join(parts))


def _tappable(command: str, rest: str | None, slash: Callable[[str], str]) -> str:
    """Returns a command in markdown.

    command: its name.
    rest: the name of its subcommand, or the names of options; None for neither.
    """
    if command in GROUPS:
        return slash(f"{command} {rest}") if rest else f"`/{command}`"
    return f"{slash(command)} *{rest}*" if rest else slash(command)
