"""Texts of `/compare`: how well the tastes of two members match."""

from bot.services.people.compare import Comparison, Difference
from bot.services.view_models import Line, PredictedStars
from bot.services.wording import safe, shorten
from bot.wording.feedback import film, stars
from bot.wording.speech import N_, Sentence, _, listed, ngettext, number, percent, pgettext

REFUSALS: dict[str, Sentence] = {
    "compared-with-oneself": N_(
        "That's you. Choose somebody else, or see your own taste with `/profile`."
    ),
    "own-taste-not-shown": N_(
        "Comparing goes both ways, so first let members here compare their taste with "
        "yours. You can do that in `/privacy`, under *Who sees my taste*."
    ),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {}
"""The sentence of each note, by the note's key."""


def heading(found: Comparison) -> str:
    """Returns the heading of a comparison."""
    return _("## You and {member}", member=safe(found.name))


def match_lines(found: Comparison) -> list[str]:
    """Returns the match in lines: the percentage, and on how many films it rests."""
    match = found.match
    if not match.common:
        return [
            _(
                "You two haven't rated any of the same films, so I can't say how well your tastes "
                "match."
            )
        ]
    if not match.enough:
        return [
            ngettext(
                "There's only {n} film you've both rated, so I can't say how well your tastes "
                "match yet.",
                "There are only {n} films you've both rated, so I can't say how well your tastes "
                "match yet.",
                match.common,
            )
        ]
    share, doubt = percent(match.share), number(round(100 * match.doubt))
    if match.sure:
        told = _("**{share} match**, give or take {doubt} points.", share=share, doubt=doubt)
    else:
        told = _(
            "As a first guess, **{share} match**, give or take {doubt} points.",
            share=share,
            doubt=doubt,
        )
    rests = ngettext(
        "-# You've both rated {n} film, and you're within one star of each other on {same}.",
        "-# You've both rated {n} films, and you're within one star of each other on {same} of "
        "them.",
        match.common,
        same=number(match.same),
    )
    meaning = _(
        "-# The match is how often I'd expect you two to feel the same about a film, going by what "
        "you've both rated and what I know about each of you."
    )
    return [told, rests, meaning]


def both_loved(films: tuple[str, ...]) -> str:
    """Returns the line of films that both loved."""
    names = [safe(shorten(name)) for name in films]
    return _("**You both love:** {films}", films=listed(names, joined_by="comma"))


def differ_lines(differ: tuple[Difference, ...], member: str) -> list[str]:
    """Returns where two people differ, in lines. member: the other's name, not escaped."""
    return [
        _("**Where you differ**"),
        *(
            _(
                "{film} · You: {stars} · {member}: {theirs}",
                film=film(shorten(one.film)),
                stars=stars(one.mine),
                theirs=stars(one.theirs),
                member=safe(member),
            )
            for one in differ
        ),
    ]


def together(lines: tuple[Line, ...]) -> str:
    """Returns the line of films that two people could watch together."""
    names = [safe(shorten(line.name)) for line in lines]
    return _("**To watch together:** {films}", films=listed(names, joined_by="comma"))


def for_you_lines(films: tuple[tuple[str, PredictedStars], ...], member: str) -> list[str]:
    """Returns films that the other loved, with the stars that the person would probably give them.

    member: the other's name, not escaped.
    """
    return [
        _(
            "**{member} loves these, and here's what you'd probably give them**",
            member=safe(member),
        ),
        *(
            _(
                "{film}: ★ {stars}, give or take {give_or_take}",
                film=film(shorten(name)),
                stars=number(one.stars, 1),
                give_or_take=number(one.give_or_take, 1),
            )
            for name, one in films
        ),
    ]


def footer() -> str:
    """Returns the line below a comparison that says who may be compared."""
    return _("-# I only compare members who let me. You can opt out below.")


def together_button() -> str:
    """Returns the label of the button that picks films for both."""
    return pgettext("button", "Pick for us both")


def compare_button() -> str:
    """Returns the label of the button that compares tastes."""
    return pgettext("button", "Compare our tastes")


def consent_button() -> str:
    """Returns the label of the button that shows who may see the person's taste."""
    return pgettext("button", "Who sees my taste")


def comparing_button(compared: bool) -> str:
    """Returns the label of the switch that decides whether tastes may be compared.

    compared: True if they may be now.
    """
    if compared:
        return pgettext("button", "Don't compare my taste")
    return pgettext("button", "Let members compare tastes")
