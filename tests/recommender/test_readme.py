"""The recommender's README is true, and its public face loads only what is used."""

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

import recommender

README = Path(recommender.__file__).with_name("README.md").read_text(encoding="utf-8")
NEVER_TO_ANSWER = (
    "recommender.evaluation",
    "recommender.experiments",
    "recommender.models.gibbs",
    "recommender.models.star_fit",
    "recommender.reports",
    "pandas",
)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_example_prints_what_the_readme_says() -> None:
    (example,) = blocks("python")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(example, "README.md", "exec"), {})
    assert [printed.getvalue()] == blocks("text")


def test_every_public_name_is_there_and_named_in_the_readme() -> None:
    for name in recommender.__all__:
        assert getattr(recommender, name) is not None
        assert f"`{name}`" in README
    assert set(recommender.__all__) <= set(dir(recommender))
    with pytest.raises(AttributeError, match="no attribute 'guess'"):
        _ = recommender.guess  # type: ignore[attr-defined]


def test_every_wing_is_named_in_the_readme() -> None:
    room = Path(recommender.__file__).parent
    wings = [path.parent.name for path in room.glob("*/__init__.py")]
    files = [path.name for path in room.glob("*.py") if path.name != "__init__.py"]
    assert len(wings) > 5
    for name in wings + files:
        assert f"`{name}`" in README


def test_answering_loads_no_sampler_study_or_report() -> None:
    check = (
        "import sys, recommender\n"
        "assert 'numpy' not in sys.modules, 'the face itself loads nothing'\n"
        "recommender.recommend, recommender.similar, recommender.trending, recommender.read_model\n"
        "print('\\n'.join(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = ran.stdout.splitlines()
    assert "recommender.pipeline.recommend" in loaded
    assert [name for name in loaded if name.startswith(NEVER_TO_ANSWER)] == []
