"""Draws the messages and forms of the quiz: the first form, films to choose from, the answers."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.services.quiz.film_answers import ANSWER_EMOJI, ANSWER_STARS
from bot.services.quiz.form import QuizForm
from bot.services.quiz.one_film import AnswerList, FilmQuestion
from bot.services.quiz.screens import Menu, Screen
from bot.services.view_models import Line
from bot.services.wording import safe, shorten
from bot.services.zones import shown
from bot.views import cards
from bot.views.buttons import Persistent, button, film_options, select
from bot.views.custom_ids import custom_id
from bot.wording.people import preferences
from bot.wording.picks import tastes as taste_words
from bot.wording.quiz import answers as answer_texts
from bot.wording.quiz import films as texts
from bot.wording.quiz import form as form_texts

MAX_GALLERY_PICTURES = 10  # Discord's limit
Style = discord.ButtonStyle


def form_modal(form: QuizForm) -> ui.Modal:
    """Returns the form that the quiz begins with."""
    modal = ui.Modal(title=form_texts.title(), custom_id=custom_id("form"))
    modal.add_item(
        ui.Label(
            text=form_texts.tastes_field(),
            description=form_texts.tastes_hint(),
            component=ui.CheckboxGroup[Any](
                custom_id="shelves",  # an old word for tastes; forms that are open still send it
                required=False,
                options=[
                    discord.CheckboxGroupOption(
                        label=taste_words.taste_option(taste.key),
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
            text=form_texts.never_field(),
            description=form_texts.never_hint(),
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
            text=form_texts.dial_field(),
            component=ui.RadioGroup[Any](
                custom_id="dial",
                required=False,
                options=[
                    discord.RadioGroupOption(
                        label=preferences.dial(dial),
                        value=dial,
                        description=preferences.dial_meaning(dial),
                        default=dial == form.dial,
                    )
                    for dial in form.dials
                ],
            ),
        )
    )
    times = [
        discord.SelectOption(
            label=form_texts.daypart(part),
            value=part,
            description=form_texts.daypart_hours(part),
            default=part in form.chosen_when,
        )
        for part in form.dayparts
    ]
    modal.add_item(
        ui.Label(
            text=form_texts.when_field(),
            description=form_texts.when_hint(),
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
            text=form_texts.zone_field(),
            description=shorten(form_texts.zone_hint(form.here)),
            component=ui.TextInput[Any](
                custom_id="zone",
                required=False,
                default=shown(form.zone) if form.zone else None,
                placeholder=shorten(form_texts.zone_placeholder(form.here)),
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
    above = texts.screen_lines if screen.films else texts.last_screen_lines
    lines = [note] if note else []
    lines += above(screen.number, screen.of)
    rows: list[ui.Item[Any]] = poster_strip(screen.films)
    if near:
        options = film_options(near, reasons=False)
        rows.append(ui.ActionRow(select(texts.near_menu(), options, "this", screen.number)))
    if screen.films:
        menus: tuple[tuple[Menu, frozenset[int]], ...] = (
            ("loved", screen.loved),
            ("disliked", screen.disliked),
            ("tempting", screen.tempting),
        )
        for menu, chosen in menus:
            options = film_options(screen.films, chosen_ids=chosen, reasons=False)
            most, text = len(options), texts.films_menu(menu)
            picks = select(text, options, "pick", screen.number, menu, at_least=0, at_most=most)
            rows.append(ui.ActionRow(picks))
    steps: ui.ActionRow[Any] = ui.ActionRow()
    if screen.number > 1:
        steps.add_item(button(texts.back_button(), "screen", screen.number - 1))
    if not screen.last:
        steps.add_item(button(texts.more_button(), "screen", screen.number + 1))
    steps.add_item(button(texts.single_button(), "ask"))
    if screen.answered:
        steps.add_item(button(texts.answers_button(), "told"))
    steps.add_item(_picks_button())
    more: ui.ActionRow[Any] = ui.ActionRow(
        button(texts.name_button(), "name", screen.number, emoji="❤️")
    )
    if correct:
        more.add_item(button(texts.form_button(), "quiz"))
    rows += [more, steps]
    return cards.text_view("\n".join(lines), *rows)


def _picks_button() -> Persistent:
    return button(texts.picks_button(), "done", style=Style.success, emoji="🎬")


def naming_modal(number: int) -> ui.Modal:
    """Returns the form in which a person types the title of a film that they love.

    number: the number of the quiz's screen on which they asked for it.
    """
    modal = ui.Modal(title=texts.naming_form(), custom_id=custom_id("named", number))
    modal.add_item(
        ui.Label(
            text=texts.naming_field(),
            description=texts.naming_hint(),
            component=ui.TextInput[Any](custom_id="film", max_length=200),
        )
    )
    return modal


def poster_strip(films: Sequence[Line]) -> list[ui.Item[Any]]:
    """Returns a gallery of the films' posters, at most MAX_GALLERY_PICTURES.

    The result is a list of one gallery, or an empty list if no film has a poster.
    """
    posters = [
        discord.MediaGalleryItem(film.poster, description=texts.poster(film.name)[:256])
        for film in films
        if film.poster
    ]
    return [ui.MediaGallery(*posters[:MAX_GALLERY_PICTURES])] if posters else []


def question_view(question: FilmQuestion, note: str | None = None) -> ui.LayoutView:
    """Returns one film with buttons to answer, and buttons to the other parts of the quiz.

    note: a sentence above the question; None for no sentence.
    """
    lines: list[str | None] = [f"-# {note}"] if note else []
    if question.extra:
        lines.append(texts.extra_question(question.film.name))
    else:
        lines += [
            texts.film_number(question),
            f"## {safe(question.film.name)}",
            cards.facts(question.film),
        ]
    lines.append(texts.earlier_answer(question))
    mode = "later" if question.extra else None
    seen: ui.ActionRow[Any] = ui.ActionRow()
    unseen: ui.ActionRow[Any] = ui.ActionRow()
    for answer, emoji in ANSWER_EMOJI.items():
        style = Style.primary if answer == question.answer else Style.secondary
        values = (question.film.film_id, answer, mode)
        row = seen if answer in ANSWER_STARS else unseen
        label = answer_texts.answer_button(answer)
        row.add_item(button(label, "answer", *values, style=style, emoji=emoji))
    pictures = poster_strip([question.film])
    steps: ui.ActionRow[Any] = ui.ActionRow()
    if question.extra:
        steps.add_item(button(texts.quiet_button(), "quiet", "on"))
        return cards.text_view("\n".join(filter(None, lines)), *pictures, seen, unseen, steps)
    if question.before is not None:
        steps.add_item(button(texts.back_button(), "again", question.before))
    if question.answer is not None:
        steps.add_item(
            button(texts.forget_answer_button(), "answer", question.film.film_id, "forget")
        )
        steps.add_item(button(texts.next_button(), "ask"))
    steps.add_item(button(texts.many_button(), "screen", 1))
    steps.add_item(_picks_button())
    return cards.text_view("\n".join(filter(None, lines)), *pictures, seen, unseen, steps)


def no_film_left_view() -> ui.LayoutView:
    """Returns the message for a person after the quiz has asked about all films."""
    steps: ui.ActionRow[Any] = ui.ActionRow(
        button(texts.answers_button(), "told"),
        _picks_button(),
    )
    return cards.text_view(texts.no_film_left(), steps)


def answers_view(answers: AnswerList, *, quiet: bool, note: str | None = None) -> ui.LayoutView:
    """Returns the person's answers, each of which can be changed or forgotten.

    quiet: True if the person wants no more questions after recommendations.
    note: a sentence above the answers; None for no sentence.
    """
    lines = [note] if note else []
    lines += [answer_texts.answers_heading(), answer_texts.answers_hint(bool(answers.films))]
    rows: list[ui.ActionRow[Any]] = []
    if answers.films:
        options = film_options(answers.films, reasons=False)
        for option, answer in zip(options, answers.answers, strict=True):
            option.description = answer_texts.answer_words(answer)
        rows.append(ui.ActionRow(select(answer_texts.answers_menu(), options, "again")))
    if answers.more:
        lines.append(answer_texts.older_answers(answers.more))
    steps: ui.ActionRow[Any] = ui.ActionRow(button(texts.next_button(), "screen", 1))
    if answers.films:
        steps.add_item(button(answer_texts.forget_button(), "forget", style=Style.danger))
    steps.add_item(button(preferences.quiet_button(quiet), "quiet", "off" if quiet else "on"))
    steps.add_item(_picks_button())
    rows.append(steps)
    return cards.text_view("\n".join(lines), *rows)
