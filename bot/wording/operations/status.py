"""Says how the running bot is, for `/status`."""

from collections.abc import Sequence
from datetime import timedelta

from bot.wording.operations.training import ratings_by_people
from bot.wording.operations.units import since, size, span
from bot.wording.speech import N_, Sentence, _, listed, ngettext, number, translated

OUTCOMES = {
    "sent": N_("{count} sent"),
    "skipped": N_("{count} skipped while I was offline"),
    "lost": N_("{count} that may not have arrived"),
    "refused": N_("{count} refused by Discord"),
    "failed": N_("{count} failed"),
    "unavailable": N_("{count} failed because I couldn't see the server"),
    "paused": N_("{count} paused before I could send them"),
    "empty": N_("{count} with no films left to show"),
}
"""Outcome of a scheduled post -> how many had it."""


def _up(version: str | None, up: timedelta) -> str:
    if version is None:
        return _("**Matinee**, from the source folder, running for {span}", span=span(up))
    return _("**Matinee {version}**, running for {span}", version=version, span=span(up))


def _discord(servers: int, members: int, latency: float | None) -> str:
    where = ngettext("{n} server", "{n} servers", servers)
    who = ngettext("{n} member", "{n} members", members)
    if latency is None:
        return _(
            "**Discord**: I'm in {servers} with {members}. I haven't timed the gateway yet.",
            servers=where,
            members=who,
        )
    return _(
        "**Discord**: I'm in {servers} with {members}. The gateway answers in {milliseconds} ms.",
        servers=where,
        members=who,
        milliseconds=number(round(latency * 1000)),
    )


def _shards(shards: str, count: int, leads: bool, others: Sequence[str], missing: int) -> str:
    if leads:
        first = _(
            "**Shards**: I'm running shards {shards} of {count}, and I also do the jobs that only "
            "one process can do.",
            shards=shards,
            count=count,
        )
    else:
        first = _("**Shards**: I'm running shards {shards} of {count}.", shards=shards, count=count)
    lines = [first]
    if others:
        lines.append(_("Other processes are running {shards}.", shards=listed(others)))
    if missing:
        lines.append(
            ngettext(
                "No process is running the other shard.",
                "No process is running the other {n} shards.",
                missing,
            )
        )
    return " ".join(lines)


def _reactions(waiting: int, seeded: int, unseeded: int) -> str:
    """Returns the line about the bot's own reactions to cards."""
    return _(
        "**Reactions under cards**: I still have {waiting} to add. Since I started, I've added "
        "{seeded} and skipped {unseeded}.",
        waiting=waiting,
        seeded=seeded,
        unseeded=unseeded,
    )


def _model(version: str, timestamp: int, ratings: int, people: int) -> str:
    return _(
        "**Model**: I'm using `{version}`, trained {ago} on {ratings}.",
        version=version,
        ago=since(timestamp),
        ratings=ratings_by_people(ratings, people),
    )


def _newest_model(version: str, state: str, why: str | None) -> str:
    if state == "serves":
        what = _("-# I'm using the newest version, `{version}`.", version=version)
    elif state == "held":
        what = _("-# I'm not using the newest version, `{version}`.", version=version)
    else:
        what = _(
            "-# I've kept the newest version, `{version}`, but I'm not using it right now.",
            version=version,
        )
    return what if why is None else f"{what} {why}"


def _next_fit_or(timestamp: int, n: int, count: int) -> str:
    return ngettext(
        "I'll train again {when}, or after {n} new rating ({count} so far).",
        "I'll train again {when}, or after {n} new ratings ({count} so far).",
        n,
        when=since(timestamp),
        count=number(count),
    )


def _posts_of(outcome: str, n: int) -> str:
    """Returns how many posts ended in one way, in a list."""
    if outcome not in OUTCOMES:
        return _("{count} {name}", count=n, name=outcome)
    return translated(OUTCOMES[outcome], "", count=n)


def _posts(posts: Sequence[str], due: int) -> str:
    if not posts:
        return _("**Posts**: none in the last day. Still waiting to be sent: {count}.", count=due)
    return _(
        "**Posts** in the last day: {posts}. Still waiting to be sent: {count}.",
        posts=listed(posts),
        count=due,
    )


def _data(
    used: int, free: int, keeps_backups: bool, timestamp: int | None, on_server: bool = False
) -> str:
    kept, left = size(used), size(free)
    if on_server:
        return _(
            "**Data**: my database takes up {size} on its server, and the disk with my models has "
            "{free} free.",
            size=kept,
            free=left,
        )
    if not keeps_backups:
        return _(
            "**Data**: my database takes up {size}, and the disk has {free} free. Backups are off.",
            size=kept,
            free=left,
        )
    if timestamp is None:
        return _(
            "**Data**: my database takes up {size}, and the disk has {free} free. There's no "
            "backup yet.",
            size=kept,
            free=left,
        )
    return _(
        "**Data**: my database takes up {size}, and the disk has {free} free. I made and checked "
        "the latest backup {ago}.",
        size=kept,
        free=left,
        ago=since(timestamp),
    )


def _first_ratings(count: int | None) -> str:
    if count is None:
        return _("**This week**: fewer than three new people rated their first film.")
    return ngettext(
        "**This week**: {n} new person rated their first film.",
        "**This week**: {n} new people rated their first film.",
        count,
    )


def _came_back(count: int | None) -> str:
    if count is None:
        return _("-# Fewer than three people came back this week.")
    return ngettext(
        "-# {n} person came back this week.", "-# {n} people came back this week.", count
    )


def _rated_well(count: int | None) -> str:
    if count is None:
        return _(
            "-# Fewer than three people liked a pick this week. Run `matinee report` for more."
        )
    return ngettext(
        "-# People liked {n} pick this week. Run `matinee report` for more.",
        "-# People liked {n} picks this week. Run `matinee report` for more.",
        count,
    )


def _clock(rows: Sequence[str]) -> str:
    return _(
        "**Clock**: I'm ignoring {dated} dated in the future. Check that this machine's clock is "
        "right.",
        dated=listed(rows),
    )


REFUSALS: dict[str, Sentence] = {
    "owner-only": N_("Only whoever runs this bot can do that."),
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "first-fit": N_("I'll train for the first time once there are ratings."),
    "next-fit": N_("I'll train again <t:{timestamp}:R>."),
    "next-fit-or": _next_fit_or,
    "posts-of": _posts_of,
    "status-came-back": _came_back,
    "status-clock": _clock,
    "status-data": _data,
    "status-discord": _discord,
    "status-doctor": N_("-# To see what's wrong and how to fix it, run `matinee doctor`."),
    "status-errors": N_("**Errors** in the last hour: {count}"),
    "status-first-ratings": _first_ratings,
    "status-model": _model,
    "status-newest-model": _newest_model,
    "status-posts": _posts,
    "status-rated-well": _rated_well,
    "status-reactions": _reactions,
    "status-shards": _shards,
    "status-unfitted-model": N_(
        "**Model**: I'm using `{version}`, which hasn't learned from any ratings yet."
    ),
    "status-up": _up,
}
"""A line of `/status`, by the note's key."""
