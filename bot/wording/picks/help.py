"""The text of `/help`: three lines on what to try first, then every command."""

import re
from collections.abc import Callable

from bot.wording.speech import N_, translated

FIRST = (
    N_("**Try first**"),
    N_(
        "1. `/start`: fill in a short form and tell me about a few films, so I know what to show "
        "you."
    ),
    N_(
        "2. `/recommend`: get a film for right now. React with ❤️ 👍 😐 👎 and your next picks will "
        "be better."
    ),
    N_("3. `/similar`: choose a film you love, and I'll find more like it."),
)
"""The first part, line by line."""

EVERYTHING = (
    N_("**Everything**"),
    N_(
        "Give `/recommend` a *mood*, a *genre*, a *language*, a *decade*, or a *max_runtime* in "
        "minutes. Add *surprise* for something outside your usual taste, *private* so only you "
        "see the answer, or *with* to bring up to three members along. You can also tap a mood "
        "under a card."
    ),
    N_(
        "`/watchlist` has the films you keep with *Later*, and can pick one for tonight. *What "
        "several of us keep* shows films that at least three others here keep."
    ),
    N_("`/profile` shows your taste as a picture, your ratings, and how well I know you."),
    N_(
        "`/compare member` shows how well your tastes match, as long as you both allow it. "
        "You can also use **Compare taste** in a member's *Apps* menu."
    ),
    N_(
        "`/movienight plan` finds films that suit all of you, sets up a poll and an event, "
        "and asks how you liked the film. `/movienight history` shows what you've watched "
        "together."
    ),
    N_(
        "`/browse` shows shelves of films, starting with your favourites. Add *shelf* to see a "
        "whole one."
    ),
    N_(
        "`/similar film` finds films like one you love, and says what they have in common. Add "
        "*by* to compare tags, people's ratings, or both."
    ),
    N_(
        "`/film title` shows a film's page: who made it, what it's like, who loves it, and what "
        "to know before you watch it."
    ),
    N_(
        "`/trending` shows what people are rating right now, or what they've loved most of all "
        "time."
    ),
    N_(
        "`/rate film stars` rates any film, with half stars if you like. `/unrate film` takes "
        "your rating back."
    ),
    N_("You can use `/start` again to change your answers. Your old ones will be filled in."),
    N_(
        "`/settings` has your time zone, your language, how adventurous your picks are, what I "
        "leave out, which films are hidden, and who can see your taste."
    ),
    N_(
        "`/import file` imports what you've rated elsewhere, like on Letterboxd or IMDb. I'll "
        "show you what would change first, and you can undo it."
    ),
    N_("`/privacy` shows, exports or deletes everything I know about you."),
    N_(
        "`/setup` is for people who manage a server. It has scheduled posts and the server's "
        "settings."
    ),
)
"""The second part, line by line."""

CARDS = (
    N_(
        "On a card, everyone can press **Why?**, **Seen it**, **Not for me** and **Later** for "
        "themselves, no matter who asked for it. If you remove a reaction, I'll remove its "
        "rating too. If you react twice, your latest reaction counts."
    ),
    N_("You'll find **Rate this film** and **More like this** in a card's menu, under *Apps*."),
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
