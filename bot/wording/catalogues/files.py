"""The files of the catalogues: the template, one catalogue for each language, and the compiled
forms.

Entries are in the order of the source files, without line numbers, so that merging two branches
rarely gives conflicts. If it does, take either version and run `make messages` again.
"""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bot.wording.catalogues.extract import SourceMessage
from bot.wording.speech.language import DOMAIN, LOCALE, compiled

SOURCE = "en"
"""The language of the source. Its catalogue repeats the texts, so that they can be read in one
place.
"""


def template_path(folder: Path = LOCALE) -> Path:
    """Returns the path of the template, which has every message and no translation."""
    return folder / f"{DOMAIN}.pot"


def catalogue_path(code: str, folder: Path = LOCALE) -> Path:
    """Returns the path of a language's catalogue."""
    return folder / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def translated_codes(folder: Path = LOCALE) -> list[str]:
    """Returns the codes of the languages that have a catalogue."""
    return sorted(path.parts[-3] for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def template(messages: Sequence[SourceMessage]) -> Catalog:
    """Returns the messages of the source as a catalogue without translations."""
    found = Catalog(project="Matinee", header_comment="# The messages of Matinee.", charset="utf-8")
    for message in messages:
        found.add(
            (message.text, message.plural) if message.plural else message.text,
            context=message.place or None,
            locations=[(message.file, 0)],
            flags=["python-brace-format"] if "{" in message.text + message.plural else (),
        )
    return found


def read_catalogue(code: str, folder: Path = LOCALE) -> Catalog:
    """Returns a language's catalogue; an empty one if there is no file."""
    path = catalogue_path(code, folder)
    if not path.is_file():
        return Catalog(locale=code, header_comment="# The messages of Matinee.", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=code)


def updated(code: str, messages: Sequence[SourceMessage], folder: Path = LOCALE) -> Catalog:
    """Returns a language's catalogue, updated to the messages of the source.

    New messages are added; only in English they get a text. Messages that the source no longer has
    are removed.
    """
    old = read_catalogue(code, folder)
    fresh = Catalog(locale=code, header_comment=old.header_comment, charset="utf-8")
    for entry in template(messages):
        if not entry.id:
            continue
        known = old.get(entry.id, context=entry.context)
        if code == SOURCE:
            string = entry.id
        else:
            string = "" if known is None or known.string is None else known.string
        fresh.add(
            entry.id,
            string,
            context=entry.context,
            locations=entry.locations,
            flags=entry.flags,
            user_comments=[] if known is None else known.user_comments,
        )
    return fresh


def po_bytes(catalogue: Catalog) -> bytes:
    """Returns a catalogue as the content of its file. Equal catalogues give equal bytes."""
    out = BytesIO()
    write_po(out, catalogue, width=100, include_lineno=False, omit_header=True)
    plain = out.getvalue().rstrip() + b"\n"
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    if catalogue.locale is not None:
        header += (
            f'"Language: {catalogue.locale}\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"\n'
        )
    return f"# The messages of Matinee.\n{header}\n".encode() + plain


def write_all(messages: Sequence[SourceMessage], folder: Path = LOCALE) -> None:
    """Writes the template, and updates and compiles every catalogue.

    The catalogue of English, the language of the source, is not compiled.
    """
    template_path(folder).write_bytes(po_bytes(template(messages)))
    for code in {SOURCE, *translated_codes(folder)}:
        catalogue = updated(code, messages, folder)
        path = catalogue_path(code, folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_bytes(catalogue))
        if code != SOURCE:
            with compiled(code, folder).open("wb") as file:
                write_mo(file, catalogue)
