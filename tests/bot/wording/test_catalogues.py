"""The catalogues are whole, every message can be said, and each check finds a planted fault."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot.wording.catalogues.checks import (
    check_catalogue,
    check_files,
    check_source,
    check_text,
    placeholders,
)
from bot.wording.catalogues.extract import (
    NotLiteral,
    SourceMessage,
    module_messages,
    source_messages,
)
from bot.wording.catalogues.files import SOURCE, template, translated_codes, write_all
from bot.wording.catalogues.samples import PARTS, SAMPLES
from bot.wording.catalogues.uses import unsaid, unused

FILE = "bot/wording/planted.py"


def message(text: str, *, plural: str = "", place: str = "") -> SourceMessage:
    """Returns a message of the source."""
    return SourceMessage(FILE, 1, place, text, plural)


def polish(*entries: tuple[str | tuple[str, str], str | tuple[str, ...]]) -> Catalog:
    """Returns a catalogue with three plural forms and these entries."""
    catalogue = Catalog(locale="pl")
    for text, string in entries:
        catalogue.add(text, string)
    return catalogue


def test_nothing_is_wrong_with_the_messages() -> None:
    messages = source_messages()
    assert messages
    faults = [*check_source(messages), *check_files(messages, {SOURCE, *translated_codes()})]
    assert not faults, "\n".join(faults)


def test_all_wording_is_used_and_every_error_can_be_said() -> None:
    faults = [*unused(), *unsaid()]
    assert not faults, "\n".join(faults)


def test_messages_inside_one_another_are_extracted() -> None:
    found = list(
        module_messages(
            '_("{films} left.", films=ngettext("{n} film", "{n} films", count))\n'
            'N_("Later", "button")\n'
            'pgettext("menu", "Open one …")\n',
            FILE,
        )
    )
    assert {(m.place, m.text, m.plural) for m in found} == {
        ("", "{films} left.", ""),
        ("", "{n} film", "{n} films"),
        ("button", "Later", ""),
        ("menu", "Open one …", ""),
    }


@pytest.mark.parametrize("source", ['_(f"{n} films")', "_(text)", 'ngettext("a", b, n)'])
def test_a_text_that_is_no_literal_is_refused(source: str) -> None:
    with pytest.raises(NotLiteral, match=r"planted\.py:1"):
        list(module_messages(source, FILE))


@pytest.mark.parametrize(
    ("text", "place", "fault"),
    [
        ("You have {n film", "", "ill-formed"),
        ("{n:d} films", "", "ill-formed"),
        ("{} films", "", "ill-formed"),
        (" films", "", "ill-formed"),
        ("{nobody_knows_this}", "", "no sample"),
        ("Rate **this", "", "** does not close"),
        ("Use `/rate now", "", "` does not close"),
        ("You said (once", "", ") is missing"),
        ("You said “once", "", "” is missing"),
        ("Open ](http://a.b)", "", "] closes nothing"),
        ("It comes <t:{n}:F", "", "< does not close"),
        ("x" * 81, "button", "81 characters"),
        ("x" * 46, "form title", "46 characters"),
        ("x" * 101, "command description", "101 characters"),
        ("{film}" * 3, "menu option", "characters"),
        ("x" * 4001, "", "4001 characters"),
    ],
)
def test_a_bad_text_is_found(text: str, place: str, fault: str) -> None:
    assert any(fault in found for found in check_text(text, place))


@pytest.mark.parametrize(
    "text",
    ["**{film}** (*loved*), isn't it?", "-# Use `/rate (`", "- one\n- two", "<t:{n}:F> <@{n}>"],
)
def test_a_good_text_passes(text: str) -> None:
    assert list(check_text(text, "")) == []


def test_every_name_has_one_sample_in_one_place() -> None:
    assert all(str(value).strip() for value in SAMPLES.values())
    assert sum(map(len, PARTS)) == len(SAMPLES), "a name is in two parts"
    used = [placeholders(m.text) | placeholders(m.plural) for m in source_messages()]
    assert set(SAMPLES) <= frozenset().union(*used), "a sample is used nowhere"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('pgettext("buton", "Later")', "is no place"),
        ('_("{film} is kept.")', "nothing is given for {film}"),
        ('_("It is kept.", film=name)', "film has no placeholder"),
    ],
)
def test_a_bad_call_is_found(source: str, fault: str) -> None:
    assert any(fault in found for found in check_source(list(module_messages(source, FILE))))


FILMS = ("{n} film", "{n} films")


@pytest.mark.parametrize(
    ("catalogue", "fault"),
    [
        (polish(), "“{film} is kept.” is missing"),
        (polish(("Gone.", "Nie ma.")), "“Gone.” is used nowhere"),
        (polish(("{film} is kept.", "")), "has no text"),
        (polish(("{film} is kept.", "Jest.")), "other placeholders"),
        (polish(("{film} is kept.", "{n} {film}.")), "other placeholders"),
        (polish((FILMS, ("{n} film", "{n} filmy", ""))), "lacks a form of its plural"),
        (polish((FILMS, ("film", "filmy", "filmów"))), "other placeholders"),
        (polish(("{film} is kept.", "**{film}.")), "** does not close"),
        (polish(("{film} is kept.", "{film.")), "ill-formed"),
    ],
)
def test_a_bad_entry_is_found(catalogue: Catalog, fault: str) -> None:
    source = template([message("{film} is kept."), message(FILMS[0], plural=FILMS[1])])
    assert any(fault in found for found in check_catalogue("pl", catalogue, source))


def test_a_whole_catalogue_passes() -> None:
    source = template([message("{film} is kept."), message(FILMS[0], plural=FILMS[1])])
    whole = polish(
        ("{film} is kept.", "{film} jest."), (FILMS, ("jeden film", "{n} filmy", "{n} filmów"))
    )
    assert list(check_catalogue("pl", whole, source)) == []


def test_an_english_entry_that_differs_from_the_source_is_found() -> None:
    catalogue = Catalog(locale="en")
    catalogue.add("It is kept.", "It's kept.")
    faults = list(check_catalogue("en", catalogue, template([message("It is kept.")])))
    assert any("differs from the source" in fault for fault in faults)


def test_files_are_written_checked_and_keep_what_translators_wrote(tmp_path: Path) -> None:
    first = [message("It is kept."), message("Later", place="button")]
    assert any("not up to date" in fault for fault in check_files(first, ["en"], tmp_path))
    write_all(first, tmp_path)
    assert list(check_files(first, ["en"], tmp_path)) == []

    path = tmp_path / "pl" / "LC_MESSAGES" / "matinee.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "It is kept."\nmsgstr "Jest."\n',
        encoding="utf-8",
    )
    assert any("not compiled" in fault for fault in check_files(first, ["pl"], tmp_path))
    second = [message("It is kept."), message("New.")]
    write_all(second, tmp_path)
    text = path.read_text("utf-8")
    assert '"Jest."' in text
    assert "Later" not in text
    assert any("“New.” has no text" in fault for fault in check_files(second, ["pl"], tmp_path))
    before = path.read_bytes()
    write_all(second, tmp_path)
    assert path.read_bytes() == before


def plant(folder: Path, **files: str) -> Path:
    """Writes modules into a copy of the project's folders. Returns the folder."""
    for name, source in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return folder


def test_wording_that_nobody_uses_is_found(tmp_path: Path) -> None:
    root = plant(
        tmp_path,
        bot__wording__films="def kept() -> str: ...\ndef gone() -> str: ...\n",
        bot__cogs__films="from bot.wording.films import kept\nkept()\n",
    )
    assert list(unused(root)) == ["bot/wording/films.py:2: gone is used nowhere"]


@pytest.mark.parametrize(
    ("table", "raised", "fault"),
    [
        ("{}", 'Sorry("no-film")', "no table says no-film"),
        ('{"no-film": N_("No.")}', "pass", "nothing is raised with no-film"),
        ('{"no-film": N_("{film}!")}', 'Sorry("no-film")', "no-film gives no film"),
    ],
)
def test_an_error_that_cannot_be_said_is_found(
    tmp_path: Path, table: str, raised: str, fault: str
) -> None:
    root = plant(
        tmp_path,
        bot__errors="class MatineeError(Exception): ...\nclass Sorry(MatineeError): ...\n",
        bot__wording__films=f"REFUSALS: dict[str, str] = {table}\n",
        bot__services__films=f"def find():\n    {raised}\n",
    )
    assert any(fault in found for found in unsaid(root))


def test_a_key_in_two_tables_is_found(tmp_path: Path) -> None:
    table = 'REFUSALS: dict[str, str] = {"no-film": N_("No.")}\n'
    root = plant(tmp_path, bot__wording__films=table, bot__wording__posts=table)
    assert any("is in bot/wording/films.py too" in fault for fault in unsaid(root))
