"""The weekly digest for the managers of a server: what was posted, rated and loved there."""

from bot.services.posts.digest import CountedFilm, ServerWeek
from bot.wording.feedback import film
from bot.wording.speech import _, listed, ngettext, number
from recommender.data import MIN_PEOPLE


def week_lines(week: ServerWeek) -> str:
    """Returns what happened in a server in the last week, one fact on each line."""
    lines = [_ended(outcome, count) for outcome, count in week.posts.items()]
    lines = lines or [_("I had nothing to post.")]
    lines.append(_rated(week))
    if week.rated:
        lines.append(_("Most rated: {films}.", films=_films(week.rated)))
    if week.loved:
        lines.append(_("Most loved: {films}.", films=_films(week.loved)))
    return "\n".join(lines)


def _ended(outcome: str, count: int) -> str:
    """Returns how many scheduled posts ended in one way.

    outcome: how they ended, such as "sent".
    """
    match outcome:
        case "sent":
            return ngettext("I sent {n} post.", "I sent {n} posts.", count)
        case "skipped":
            return ngettext(
                "I missed {n} post because I was offline.",
                "I missed {n} posts because I was offline.",
                count,
            )
        case "lost":
            return ngettext(
                "{n} post may not have arrived. Look in its channel to see whether it did.",
                "{n} posts may not have arrived. Look in their channels to see which ones did.",
                count,
            )
        case "refused":
            return ngettext(
                "Discord refused {n} post. Use `/setup show` in the server to see whether "
                "anything needs fixing.",
                "Discord refused {n} posts. Use `/setup show` in the server to see whether "
                "anything needs fixing.",
                count,
            )
        case "unavailable":
            return ngettext(
                "I couldn't send {n} post, because I couldn't reach the server on Discord. "
                "If that keeps happening, check that I'm still a member.",
                "I couldn't send {n} posts, because I couldn't reach the server on "
                "Discord. If that keeps happening, check that I'm still a member.",
                count,
            )
        case "paused":
            return ngettext(
                "Somebody paused {n} post before I could send it.",
                "Somebody paused {n} posts before I could send them.",
                count,
            )
        case "empty":
            return ngettext(
                "I had no films left to show for {n} post. To show other films, set it up "
                "again with `/setup post` in the server.",
                "I had no films left to show for {n} posts. To show other films, set them "
                "up again with `/setup post` in the server.",
                count,
            )
        case _other:
            return ngettext(
                "I couldn't send {n} post. Use `/setup show` in the server to see whether "
                "anything needs fixing.",
                "I couldn't send {n} posts. Use `/setup show` in the server to see whether "
                "anything needs fixing.",
                count,
            )


def _rated(week: ServerWeek) -> str:
    if not week.people:
        return _("Nobody rated any films.")
    if week.ratings is None:
        return _(
            "Fewer than {least} members rated films, so I'm keeping the numbers to myself.",
            least=MIN_PEOPLE,
        )
    members = ngettext("{n} member", "{n} members", week.people)
    return ngettext(
        "{n} rating from {members}.", "{n} ratings from {members}.", week.ratings, members=members
    )


def _films(films: tuple[CountedFilm, ...]) -> str:
    return listed(f"{film(one.film)} ({number(one.count)})" for one in films)
