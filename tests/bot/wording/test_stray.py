"""No sentence for people is outside of the wording."""

import pytest

from bot.wording.catalogues.stray import module_strays, strays


def test_no_sentence_is_outside_of_the_wording() -> None:
    found = [f"{stray.file}:{stray.line}: {stray.text}" for stray in strays()]
    assert not found, "move these to bot/wording:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "file",
    [
        "bot/services/picks/films.py",
        "bot/cogs/picks/films.py",
        "bot/views/films.py",
        "bot/client/films.py",
        "bot/jobs/films.py",
        "bot/cli/films.py",
        "recommender/pipeline/films.py",
        "recommender/shelves/words.py",
        "storage/people/films.py",
        "bot/settings.py",
    ],
)
@pytest.mark.parametrize(
    "source",
    [
        'raise Sorry("That film is gone.")',
        'raise DataError(f"{name} is gone.")',
        'send(f"{count} films")',
        'text = "Nothing left." if done else "Go on, then"',
        'button(label="Undo")',
        'WORDS = {"one": "just one"}',
        'text = f"{a} and {b}"',
    ],
)
def test_a_planted_sentence_is_found(file: str, source: str) -> None:
    assert list(module_strays(source, file))


def test_the_help_of_a_command_is_found() -> None:
    source = '@cli.command()\ndef run():\n    """Run the bot."""\n'
    assert [s.text for s in module_strays(source, "bot/cli/main.py")] == ["Run the bot."]
    assert not list(module_strays(source.replace("()\ndef", "(help=RUN)\ndef"), "bot/cli/main.py"))


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n    """Returns the films of a person."""',
        'log.info("the bot is up with %s films", count)',
        'conn.execute("SELECT title FROM films WHERE id = 1")',
        'text("a b c")',
        'raise ValueError("a shape that nobody gives")',
        'KINDS = Literal["held back", "promoted"]',
        'PATTERN = re.compile("a b|c d")',
        'def f(rows: "list[tuple[int, str]]") -> "dict[str, int]": ...',
        'if kind == "held back": pass',
        'name = f"{a}:{b}"',
        'path = "catalogue/films.csv"',
    ],
)
def test_what_nobody_reads_is_left_alone(source: str) -> None:
    assert not list(module_strays(source, "bot/services/picks/films.py"))


def test_reports_of_studies_may_be_prose_but_not_their_errors() -> None:
    file = "recommender/evaluation/ranking/report.py"
    assert not list(module_strays('add("Models side by side, five folds.")', file))
    assert list(module_strays('raise DataError("There are no folds.")', file))
