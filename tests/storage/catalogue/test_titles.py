"""A title gives one key, in whatever way people and data sets write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.catalogue.titles import match_key, normalise_title


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("The Matrix", "matrix"),
        ("Matrix, The", "matrix"),
        ("  matrix ", "matrix"),
        ("Amélie", "amelie"),
        ("AMELIE", "amelie"),
        ("Samouraï, Le", "le samourai"),
        ("Le Samouraï", "le samourai"),
        ("Avventura, L'", "lavventura"),
        ("L'Avventura", "lavventura"),
        ("American Tail, An", "american tail"),
        ("Thelma & Louise", "thelma and louise"),
        ("Schindler's List", "schindlers list"),
        ("Schindler’s List", "schindlers list"),
        ("E.T. the Extra-Terrestrial", "et the extra terrestrial"),
        ("M*A*S*H", "mash"),
        ("WALL·E", "walle"),
        ("8½", "8 1 2"),
        ("8 1/2", "8 1 2"),
        ("Die Hard", "die hard"),
        ("La La Land", "la la land"),
        ("Rocky III", "rocky iii"),
        ("Paris, Texas", "paris texas"),
        ("Låt den rätte komma in", "lat den ratte komma in"),
        ("Ødipus æ Łódź", "odipus ae lodz"),
        ("羅生門", "羅生門"),
        ("Зеркало", "зеркало"),
        ("The", "the"),
        ("A", "a"),
        ("...", "..."),
        ("Alien³", "alien 3"),
        ("ﾊﾊ", "ハハ"),
        ("Ёлки", "елки"),
        ("#Alive", "#alive"),
        ("♥️", "♥"),
        ("", ""),
    ],
)
def test_a_title_has_one_key(written, key):
    assert normalise_title(written) == key


def test_remakes_differ_by_year_only():
    assert match_key("The Thing", 1982) == ("thing", 1982)
    assert match_key("Thing, The", 1982) == match_key("THE THING", 1982)
    assert match_key("The Thing", 1982) != match_key("The Thing", 2011)


@given(st.text())
def test_the_key_of_a_key_is_itself(title):
    key = normalise_title(title)
    assert normalise_title(key) == key


@given(st.text())
def test_a_key_is_words_with_single_spaces(title):
    key = normalise_title(title)
    assert key == " ".join(key.split())
    assert bool(key) == bool(title.strip())


@given(st.text(alphabet="abcdefgh XYZ'-:!0123456789éßøñ", min_size=1))
def test_case_does_not_matter(title):
    assert normalise_title(title.upper()) == normalise_title(title.lower())


@given(st.lists(st.sampled_from(["red", "river", "two", "night"]), min_size=1))
def test_a_trailing_article_is_a_leading_one(words):
    title = " ".join(words)
    assert normalise_title(f"{title}, The") == normalise_title(f"The {title}")
