"""Draws the messages and forms of the quiz: the first form, films to choose from, the answers."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.services.quiz.film_answers import ANSWER_STARS, ANSWER_WORDS
from bot.services.quiz.form import QuizForm
from bot.services.quiz.one_film import AnswerList, FilmQuestion
from bot.services.quiz.screens import Screen
from bot.services.view_models import Line
from bot.services.wording import safe
from bot.services.zones import shown
from bot.views import cards
from bot.views.buttons import button, film_options, select
from bot.views.custom_ids import custom_id

DIAL_DESCRIPTIONS = {
    "crowd-pleasers": "what many people love",
    "well-liked": "mostly what many people love",
    "balanced": "a bit of both",
    "off the path": "now and then what few have seen",
    "deep cuts": "what few have seen",
}
DAYPART_DESCRIPTIONS = {
    "morning": "from 5",
    "afternoon": "from noon",
    "evening": "from 17",
    "late night": "from 23 to 5",
}
MAX_GALLERY_PICTURES = 10  # Discord's limit
Style = discord.ButtonStyle


def form_modal(form: QuizForm) -> ui.Modal:
    """Returns the form that the quiz begins with."""
    modal = ui.Modal(title="Your taste, to begin with", custom_id=custom_id("form"))
    modal.add_item(
        ui.Label(
            text="What do you love watching?",
            description="As many as you like, or none. The films I ask about follow this",
            component=ui.CheckboxGroup[Any](
                custom_id="shelves",  # an old word for tastes; forms that are open still send it
                required=False,
                options=[
                    discord.CheckboxGroupOption(
                        label=taste.name,
                        value=taste.key,
                        description=taste.examples[:100] or None,
                        default=taste.key in form.chosen_tastes,
                    )
                    for taste in form.tastes
                ],
            ),
        )
    )
    never = [
        discord.SelectOption(label=genre, value=genre, default=genre in form.chosen_never)
        for genre in form.genres
    ]
    modal.add_item(
        ui.Label(
            text="Please never",
            description="Genres you do not want to see; /settings knows all of them",
            component=ui.Select[Any](
                custom_id="never",
                required=False,
                min_values=0,
                max_values=len(never),
                options=never,
            ),
        )
    )
    modal.add_item(
        ui.Label(
            text="How adventurous shall I be?",
            component=ui.RadioGroup[Any](
                custom_id="dial",
                required=False,
                options=[
                    discord.RadioGroupOption(
                        label=dial.capitalize(),
                        value=dial,
                        description=DIAL_DESCRIPTIONS.get(dial),
                        default=dial == form.dial,
                    )
                    for dial in form.dials
                ],
            ),
        )
    )
    times = [
        discord.SelectOption(
            label=part.capitalize(), value=part, description=DAYPART_DESCRIPTIONS[part],
            default=part in form.chosen_when,
        )
        for part in form.dayparts
    ]  # fmt: skip
    modal.add_item(
        ui.Label(
            text="When do you usually watch?",
            description="Asked at another time, I pick for the next of these",
            component=ui.Select[Any](
                custom_id="when",
                required=False,
                min_values=0,
                max_values=len(times),
                options=times,
            ),
        )
    )
    modal.add_item(
        ui.Label(
            text="Your time zone",
            description=f"So that I know when your evening is; empty: {shown(form.here)}"[:100],
            component=ui.TextInput[Any](
                custom_id="zone",
                required=False,
                default=shown(form.zone) if form.zone else None,
                placeholder=f"As here: {shown(form.here)}"[:100],
                max_length=64,
            ),
        )
    )
    return modal


def screen_view(
    screen: Screen, note: str | None = None, *, correct: bool = False, near: Sequence[Line] = ()
) -> ui.LayoutView:
    """Returns one screen of films, with three menus in which the person chooses among the films.

    note: a sentence above the screen; None for no sentence.
    correct: True to add a button that opens the form again, because the note says that something in
        the form was not understood.
    near: films to choose from, with titles near to the one that the person typed.
    """
    lines = [
        f"-# Screen {screen.number} of {screen.of}",
        "## Which of these did you love? Any you disliked?",
        "Leave out what you have no opinion of: that changes no pick, only what I ask next.",
    ]
    if not screen.films:
        lines[1:] = ["There is no film left to ask about."]
    if note:
        lines.insert(0, safe(note))
    rows: list[ui.Item[Any]] = poster_strip(screen.films)
    if near:
        options = film_options(near, reasons=False)
        rows.append(ui.ActionRow(select("Did you mean …", options, "this", screen.number)))
    if screen.films:
        for menu, words, chosen in (
            ("loved", "❤️ Loved: choose as many as you like", screen.loved),
            ("disliked", "👎 Disliked: choose any", screen.disliked),
            ("tempting", "👀 Not seen, but looks good: choose any", screen.tempting),
        ):
            options = film_options(screen.films, chosen_ids=chosen, reasons=False)
            most = len(options)
            picks = select(words, options, "pick", screen.number, menu, at_least=0, at_most=most)
            rows.append(ui.ActionRow(picks))
    steps: ui.ActionRow[Any] = ui.ActionRow()
    if screen.number > 1:
        steps.add_item(button("Back", "screen", screen.number - 1))
    if not screen.last:
        steps.add_item(button("More films", "screen", screen.number + 1))
    steps.add_item(button("One at a time", "ask"))
    if screen.answered:
        steps.add_item(button("My answers", "told"))
    steps.add_item(button("Show my picks", "done", style=Style.success, emoji="🎬"))
    more: ui.ActionRow[Any] = ui.ActionRow(
        button("Add one I love …", "name", screen.number, emoji="❤️")
    )
    if correct:
        more.add_item(button("Correct the form", "quiz"))
    rows += [more, steps]
    return cards.text_view("\n".join(lines), *rows)


def naming_modal(number: int) -> ui.Modal:
    """Returns the form in which a person types the title of a film that they love.

    number: the number of the quiz's screen on which they asked for it.
    """
    modal = ui.Modal(title="A film you love", custom_id=custom_id("named", number))
    modal.add_item(
        ui.Label(
            text="Its title",
            description="In any language; add the year in brackets if several have that title",
            component=ui.TextInput[Any](custom_id="film", max_length=200),
        )
    )
    return modal


def poster_strip(films: Sequence[Line]) -> list[ui.Item[Any]]:
    """Returns a gallery of the films' posters, at most MAX_GALLERY_PICTURES.

    The result is a list of one gallery, or an empty list if no film has a poster.
    """
    posters = [
        discord.MediaGalleryItem(film.poster, description=f"Poster of {film.name}"[:256])
        for film in films
        if film.poster
    ]
    return [ui.MediaGallery(*posters[:MAX_GALLERY_PICTURES])] if posters else []


def question_view(question: FilmQuestion, note: str | None = None) -> ui.LayoutView:
    """Returns one film with buttons to answer, and buttons to the other parts of the quiz.

    note: a sentence above the question; None for no sentence.
    """
    name = safe(question.film.name)
    lines = [f"-# {safe(note)}"] if note else []
    if question.extra:
        lines += [f"One more film, if you like: have you seen **{name}**?"]
    else:
        lines += [
            f"-# Film {question.number} of {question.of}",
            f"## {name}",
            cards.facts(question.film),
        ]
    if question.answer is not None:
        lines.append(f"You answered: {ANSWER_WORDS[question.answer]}")
    mode = "later" if question.extra else None
    seen: ui.ActionRow[Any] = ui.ActionRow()
    unseen: ui.ActionRow[Any] = ui.ActionRow()
    for answer, words in ANSWER_WORDS.items():
        emoji, label = words.split(" ", 1)
        style = Style.primary if answer == question.answer else Style.secondary
        values = (question.film.film_id, answer, mode)
        row = seen if answer in ANSWER_STARS else unseen
        row.add_item(button(label.capitalize(), "answer", *values, style=style, emoji=emoji))
    pictures = poster_strip([question.film])
    steps: ui.ActionRow[Any] = ui.ActionRow()
    if question.extra:
        steps.add_item(button("Do not ask me again", "quiet", "on"))
        return cards.text_view("\n".join(filter(None, lines)), *pictures, seen, unseen, steps)
    if question.before is not None:
        steps.add_item(button("Back", "again", question.before))
    if question.answer is not None:
        steps.add_item(button("Forget this answer", "answer", question.film.film_id, "forget"))
        steps.add_item(button("Go on", "ask"))
    steps.add_item(button("Many at once", "screen", 1))
    steps.add_item(button("Show my picks", "done", style=Style.success, emoji="🎬"))
    return cards.text_view("\n".join(filter(None, lines)), *pictures, seen, unseen, steps)


def no_film_left_view() -> ui.LayoutView:
    """Returns the message for a person after the quiz has asked about all films."""
    steps: ui.ActionRow[Any] = ui.ActionRow(
        button("My answers", "told"),
        button("Show my picks", "done", style=Style.success, emoji="🎬"),
    )
    return cards.text_view("There is no film left to ask about.", steps)


def answers_view(answers: AnswerList, *, quiet: bool, note: str | None = None) -> ui.LayoutView:
    """Returns the person's answers, each of which can be changed or forgotten.

    quiet: True if the person wants no more questions after recommendations.
    note: a sentence above the answers; None for no sentence.
    """
    lines = [note] if note else []
    lines += ["## Your answers"]
    rows: list[ui.ActionRow[Any]] = []
    if answers.films:
        lines.append("Choose one to change it or to have it forgotten.")
        options = film_options(answers.films)
        rows.append(ui.ActionRow(select("Change an answer …", options, "again")))
    else:
        lines.append("None about films yet.")
    if answers.more:
        lines.append(f"-# And {answers.more} older ones.")
    steps: ui.ActionRow[Any] = ui.ActionRow(button("Go on", "screen", 1))
    if answers.films:
        steps.add_item(button("Forget them all", "forget", style=Style.danger))
    words = "Ask me about a film now and then" if quiet else "Do not ask me now and then"
    steps.add_item(button(words, "quiet", "off" if quiet else "on"))
    steps.add_item(button("Show my picks", "done", style=Style.success, emoji="🎬"))
    rows.append(steps)
    return cards.text_view("\n".join(lines), *rows)
