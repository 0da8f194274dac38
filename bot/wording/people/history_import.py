"""Texts of `/import`: what a film history from elsewhere changes, and the questions about it."""

from bot.services.imports.person.applying import AppliedImport
from bot.services.imports.person.preview import ImportPreview, ImportProgress, ScaleExample
from bot.services.imports.person.settling import HistoryQuestion, QuestionPage
from bot.services.scale import LEGEND
from bot.services.wording import safe
from bot.wording.errors.said import said
from bot.wording.feedback import stars
from bot.wording.people.history_import_refusals import file_name
from bot.wording.speech import _, listed, ngettext, number, pgettext

PLACES = {
    "letterboxd": "Letterboxd",
    "imdb": "IMDb",
    "trakt": "Trakt",
    "movielens": "MovieLens",
    "tmdb": "TMDB",
    "simkl": "Simkl",
    "criticker": "Criticker",
    "netflix": "Netflix",
    "movary": "Movary",
}
"""The name of each service, by the key of its format."""


def heading(source: str) -> str:
    """Returns the first line of a preview. source: whose format the file has."""
    place = PLACES.get(source)
    return (
        _("## Your history from {service}", service=place) if place else _("## Your film history")
    )


def progress(now: ImportProgress) -> str:
    """Returns what is shown while a file is read, applied or undone."""
    share = _("{done} of {whole} films", done=now.done, whole=now.films) if now.films else ""
    texts = {
        "reading": _("I'm reading your file."),
        "comparing": _("I'm comparing your file with what you've rated here."),
        "applying": _("I'm importing your films. You can keep using me in the meantime."),
        "undoing": _("I'm undoing the import. You can keep using me in the meantime."),
    }
    return f"{texts[now.stage]} {share}".strip()


def previewed(told: ImportPreview, days: int) -> str:
    """Returns what a file would change.

    days: how long it waits to be applied.
    """
    lines = [heading(told.source), *facts(told, markdown=True)]
    if told.waiting:
        lines.append(unrecognised(told.waiting, told.likely))
    lines.append(sharing(told.shares))
    lines.append(
        ngettext(
            "-# Only you can see this. Nothing changes until you press *Import*. If you don't, "
            "I'll forget the file's films after {n} day.",
            "-# Only you can see this. Nothing changes until you press *Import*. If you don't, "
            "I'll forget the file's films after {n} days.",
            days,
        )
    )
    return "\n".join(lines)


def facts(told: ImportPreview, *, markdown: bool) -> list[str]:
    """Returns what a file has and what would change, line by line.

    markdown: True for Discord, False for the terminal.
    """
    file = file_name(told.file) if markdown else told.file
    read = ngettext("{file} has {n} line.", "{file} has {n} lines.", told.rows, file=file)
    known = ngettext("I know {n} of the films in it.", "I know {n} of the films in it.", told.films)
    lines = [f"{read} {known}", *_changes(told), *map(scale_example, _converted(told))]
    if told.likes:
        lines.append(liked(told.likes))
    if told.skipped:
        counts = [left_out(reason, count) for reason, count in told.skipped.items() if count]
        lines.append(_("I left out {skipped}.", skipped=listed(counts)))
    return lines + [said(one, markdown=markdown) for one in told.remarks]


def _changes(told: ImportPreview) -> list[str]:
    """Returns a line for each way in which films change."""
    found = []
    if told.rated:
        found.append(ngettext("• {n} new rating", "• {n} new ratings", told.rated))
    if told.changed:
        found.append(
            ngettext(
                "• {n} rating that replaces an older one",
                "• {n} ratings that replace older ones",
                told.changed,
            )
        )
    if told.kept:
        found.append(
            ngettext(
                "• {n} rating stays as you gave it here, because it's newer or I can't tell "
                "which one is",
                "• {n} ratings stay as you gave them here, because they're newer or I can't "
                "tell which ones are",
                told.kept,
            )
        )
    if told.same:
        found.append(
            ngettext("• {n} rating I already have", "• {n} ratings I already have", told.same)
        )
    if told.seen:
        found.append(
            ngettext(
                "• {n} film you've seen but haven't rated. I won't guess whether you liked it",
                "• {n} films you've seen but haven't rated. I won't guess whether you liked them",
                told.seen,
            )
        )
    if told.wanted:
        found.append(
            ngettext("• {n} film to keep for later", "• {n} films to keep for later", told.wanted)
        )
    if not found and not told.waiting:
        found.append(_("There's nothing new in this file."))
    return found


def _converted(told: ImportPreview) -> list[ScaleExample]:
    """Returns the ratings that become other numbers."""
    return [one for one in told.scales if one.value != one.stars]


def scale_example(one: ScaleExample) -> str:
    """Returns what a rating of a file becomes."""
    return _(
        "{given_rating} out of {top} becomes ★ {half_stars}.",
        given_rating=number(one.value),
        top=number(one.best),
        half_stars=number(one.stars),
    )


def liked(count: int) -> str:
    """Returns what becomes of likes without stars."""
    return ngettext(
        "{n} like without stars becomes {stars}, unless you've rated the film here.",
        "{n} likes without stars become {stars}, unless you've rated the films here.",
        count,
        stars=stars(LEGEND[1].stars),
    )


def left_out(reason: str, n: int) -> str:
    """Returns how many rows of one kind are left out.

    reason: the kind, such as "series".
    """
    if reason == "series":
        return ngettext("{n} series", "{n} series", n)
    if reason == "episode":
        return ngettext("{n} episode", "{n} episodes", n)
    if reason == "game":
        return ngettext("{n} game", "{n} games", n)
    if reason == "trailer":
        return ngettext("{n} trailer", "{n} trailers", n)
    if reason == "started":
        return ngettext(
            "{n} film you only watched a few minutes of",
            "{n} films you only watched a few minutes of",
            n,
        )
    if reason == "listed":
        return ngettext(
            "{n} film that isn't marked as seen or to watch",
            "{n} films that aren't marked as seen or to watch",
            n,
        )
    if reason == "nameless":
        return ngettext("{n} line without a title", "{n} lines without a title", n)
    if reason == "torn":
        return ngettext("{n} damaged line", "{n} damaged lines", n)
    return ngettext("{n} line about something else", "{n} lines about something else", n)


def unrecognised(waiting: int, likely: int) -> str:
    """Returns how many films were not recognised, and how many of these have a likely film."""
    text = ngettext(
        "I'm not sure about {n} film in this file. Press *Which ones?* to tell me which one you "
        "mean, or I'll leave it out.",
        "I'm not sure about {n} films in this file. Press *Which ones?* to tell me which ones you "
        "mean, or I'll leave them out.",
        waiting,
    )
    if not likely:
        return text
    guess = ngettext(
        "I have a good guess for {n} of those films.",
        "I have a good guess for {n} of those films.",
        likely,
    )
    return f"{text} {guess}"


def sharing(shares: bool) -> str:
    """Returns whether imported ratings count for other people."""
    if shares:
        return _("What you import shapes other people's picks too, just like your ratings here.")
    return _("What you import only shapes your own picks. Nobody else sees any of it.")


def applied(told: AppliedImport) -> str:
    """Returns the answer after a file was applied."""
    text = brought(told, file_name(told.file))
    return text if told.import_id is None else f"{text}\n{sharing(told.shares)}"


def brought(told: AppliedImport, file: str) -> str:
    """Returns what applying a file has changed. file: its name."""
    counts = []
    if told.rated:
        counts.append(ngettext("{n} rating", "{n} ratings", told.rated))
    if told.seen:
        counts.append(ngettext("{n} film you've seen", "{n} films you've seen", told.seen))
    if told.wanted:
        counts.append(ngettext("{n} film for later", "{n} films for later", told.wanted))
    if not counts:
        return _("I already had everything in {file}, so nothing has changed.", file=file)
    return _(
        "Done. I've imported {brought} from {file}. I'll keep that in mind for your next picks. "
        "Try `/recommend`.",
        brought=listed(counts),
        file=file,
    )


def unfinished() -> str:
    """Returns what is said if applying or undoing a file broke off."""
    return _(
        "I had to stop halfway, but nothing's lost. Press *Import* to carry on, or *Undo* to "
        "undo all of it."
    )


def undone(file: str) -> str:
    """Returns the answer after a file was undone. file: its name."""
    return _("Done. Everything is as it was before you imported {file}.", file=file_name(file))


def forgotten() -> str:
    """Returns the answer after a file that waited was forgotten."""
    return _("Done. I haven't kept anything from that file.")


def asked(page: QuestionPage) -> str:
    """Returns the text above films that were not recognised."""
    left = ngettext("{n} film to go.", "{n} films to go.", page.waiting)
    if not page.waiting:
        left = _("That's all the films.")
    return _("## Which films are these?\n{left} I'll leave out any you don't choose.", left=left)


def question(one: HistoryQuestion) -> str:
    """Returns a film of a file as the file names it."""
    parts = [f"**{safe(one.title)}**" + (f" ({one.year})" if one.year else "")]
    if one.directors:
        parts.append(_("by {directors}", directors=safe(one.directors)))
    if one.skipped:
        parts.append(_("left out"))
    return " · ".join(parts)


def question_menu(candidates: int) -> str:
    """Returns the words in the menu of films that one may be."""
    if candidates:
        return pgettext("menu", "Choose the film")
    return pgettext("menu", "I don't know a film like that")


def none_option() -> str:
    """Returns the option that leaves a film out."""
    return pgettext("menu option", "None of these. Leave it out")


def attached(file: str) -> str:
    """Returns the text above the file of films that were not recognised. file: its source."""
    return _(
        "Here are the films from {file} that I don't know. Correct them in this file, then "
        "import it with `/import`.",
        file=file_name(file),
    )
