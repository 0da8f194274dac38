"""Checks the messages in the source and the catalogues of their translations.

Each check yields one sentence for each fault, with its place. `make messages` prints them, and a
test fails if there are any.
"""

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog

from bot.wording.catalogues.extract import SourceMessage
from bot.wording.catalogues.files import SOURCE, po_bytes, read_catalogue, template, template_path
from bot.wording.catalogues.samples import SAMPLES
from bot.wording.speech.language import LOCALE, compiled
from bot.wording.speech.places import PLACES, limit_of

_CODE = re.compile(r"`[^`\n]*`")
_PAIRED = ("**", "~~", "||", "__", "*", "`")
_BRACKETS = {"(": ")", "[": "]", "“": "”"}


def placeholders(text: str) -> frozenset[str]:
    """Returns the names of the placeholders in a text, such as "film" for "{film}".

    Raises ValueError if a brace is not closed, or if there is more than a name between braces.
    """
    names = set()
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(f"{{{name}}} is no plain name")
        names.add(name)
    return frozenset(names)


def check_source(messages: Sequence[SourceMessage]) -> Iterator[str]:
    """Yields a sentence for each fault in the messages of the source."""
    for message in messages:
        where = f"{message.file}:{message.line}"
        if message.place and message.place not in PLACES:
            yield f"{where}: “{message.place}” is no place; see PLACES"
        for text in filter(None, (message.text, message.plural)):
            yield from (f"{where}: {fault}" for fault in check_text(text, message.place))
        yield from (f"{where}: {fault}" for fault in _unfilled(message))


def _unfilled(message: SourceMessage) -> Iterator[str]:
    """Yields a sentence for each placeholder of a message without a value, and each value without
    one.
    """
    try:
        named = placeholders(message.text) | placeholders(message.plural)
    except ValueError:
        return
    if message.names is None:
        return
    for name in sorted(named - message.names):
        yield f"nothing is given for {{{name}}}"
    for name in sorted(message.names - named - ({"n"} if message.plural else set())):
        yield f"the value {name} has no placeholder"


def check_text(text: str, place: str) -> Iterator[str]:
    """Yields a sentence for each fault in one text.

    Faults are wrong braces, placeholders without a sample value, markup that is not closed, and a
    text that is too long for its place.

    place: where Discord shows the text, a key of `PLACES`; "" for the text of an answer.
    """
    try:
        names = placeholders(text)
    except ValueError as error:
        yield f"ill-formed: {error} in “{text}”"
        return
    unknown = sorted(names - SAMPLES.keys())
    yield from (f"no sample for {{{name}}}; add one to SAMPLES" for name in unknown)
    if not text.strip() or text != text.strip():
        yield f"ill-formed: “{text}” is empty, or begins or ends with a space"
    if fault := markup_fault(text):
        yield f"{fault} in “{text}”"
    if not unknown:
        length = len(text.format_map(SAMPLES))
        if length > limit_of(place):
            yield f"{length} characters, but a {place or 'text'} has at most {limit_of(place)}"


def markup_fault(text: str) -> str:
    """Returns the mark of Discord's markdown, bracket or quote that is not closed; "" if all
    are.
    """
    if text.count("`") % 2:
        return "` does not close"
    rest = _CODE.sub("", text)
    rest = re.sub(r"^(?:-# |#{1,3} |> |[-*•] )", "", rest, flags=re.MULTILINE)
    for mark in _PAIRED:
        if rest.count(mark) % 2:
            return f"{mark} does not close"
        rest = rest.replace(mark, "")
    if re.search(r"<(?:[@#]|t:)[^>\s]*(?:\s|$)", rest):
        return "< does not close"
    open_ = []
    for sign in rest:
        if sign in _BRACKETS:
            open_.append(_BRACKETS[sign])
        elif sign in _BRACKETS.values() and (not open_ or open_.pop() != sign):
            return f"{sign} closes nothing"
    return f"{open_[-1]} is missing" if open_ else ""


def check_catalogue(code: str, catalogue: Catalog, source: Catalog) -> Iterator[str]:
    """Yields a sentence for each fault in a language's catalogue.

    Faults are missing and unused entries, missing texts, placeholders that differ from the source,
    missing forms of plurals, and what `check_text` finds.

    code: the code of the language.
    catalogue: its catalogue.
    source: the messages of the source.
    """
    here = {(entry.context, entry.id): entry for entry in catalogue if entry.id}
    there = {(entry.context, entry.id): entry for entry in source if entry.id}
    for _, text in sorted(there.keys() - here.keys(), key=str):
        yield f"{code}: “{_first(text)}” is missing"
    for _, text in sorted(here.keys() - there.keys(), key=str):
        yield f"{code}: “{_first(text)}” is used nowhere"
    for (place, text), entry in here.items():
        if (place, text) not in there:
            continue
        forms = _forms(entry.string)
        begun = f"{code}: “{_first(text)}”"
        if not any(forms):
            yield f"{begun} has no text"
            continue
        if isinstance(text, tuple) and (
            len(forms) != (2 if code == SOURCE else catalogue.num_plurals) or not all(forms)
        ):
            yield f"{begun} lacks a form of its plural"
        if code == SOURCE and forms != _forms(text):
            yield f"{begun} differs from the source; change it there"
        yield from _differing(begun, _forms(text), forms)
        for form in filter(None, forms):
            yield from (f"{begun}: {fault}" for fault in check_text(form, place or ""))


def _differing(begun: str, source: Sequence[str], forms: Sequence[str]) -> Iterator[str]:
    """Yields a sentence if the placeholders of a translated text differ from those of the source.

    begun: the beginning of the sentence.
    source: the forms of the text in the source.
    forms: the translated forms.
    """
    try:
        wanted = frozenset().union(*map(placeholders, source))
        every = [placeholders(form) for form in forms if form]
    except ValueError:
        return
    # One form of a plural may leave out the number ("one film"), but every name is used somewhere.
    alone = len(source) == 1
    if any(names - wanted for names in every) or frozenset().union(*every) != wanted:
        yield f"{begun} has other placeholders: {', '.join(sorted(wanted))} are given"
    elif alone and any(names != wanted for names in every):
        yield f"{begun} lacks a placeholder: {', '.join(sorted(wanted))} are given"


def check_files(
    messages: Sequence[SourceMessage], codes: Iterable[str], folder: Path = LOCALE
) -> Iterator[str]:
    """Yields a sentence for each fault in the files of the translations: files that are not up to
    date, and wrong catalogues.
    """
    source = template(messages)
    path = template_path(folder)
    if not path.is_file() or path.read_bytes() != po_bytes(source):
        yield f"{path.name} is not up to date; run `make messages`"
    for code in codes:
        catalogue = read_catalogue(code, folder)
        yield from check_catalogue(code, catalogue, source)
        if code != SOURCE and not compiled(code, folder).is_file():
            yield f"{code} is not compiled; run `make messages`"


def _forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    return _forms(text)[0]
