"""A serving process imports nothing that it does not use."""

import importlib.util
import json
import subprocess
import sys

import pytest

from tests.bot.command import ROOT

UNUSED = {
    "matplotlib": "plots are drawn in reports",
    "pandas": "tables are read by imports and evaluations",
    "jinja2": "templates are filled in by reports",
    "mako": "templates are filled in when a migration is written",
    "alembic": "only a database of another revision is migrated",
    "pygments": "code is coloured in a terminal only",
    "sqlalchemy.dialects.postgresql": "the bot keeps its data in SQLite",
    "rich.logging": "the log has colours in a terminal only",
    "rich.progress": "progress bars are for commands",
    "trustme": "certificates are made by the playground",
    "aiohttp.test_utils": "servers are tried in tests",
    "pytest": "tests",
    "hypothesis": "tests",
    "scipy.stats": "large; the few functions that are needed are in scipy.special",
    "scipy.optimize": "settings are searched in evaluations",
    "scipy.integrate": "nothing is integrated",
    "recommender.evaluation": "models are judged in the process that fits them",
    "recommender.reports": "reports are written by commands",
    "recommender.datasets.movielens": "data sets are imported by commands",
    "recommender.datasets.synthetic": "ratings are made up for benchmarks",
    "recommender.models.gibbs": "the rating model is sampled in the process that fits",
    "recommender.models.star_fit": "the rating model is fitted in a process of its own",
    "recommender.training.served_stars": "the rating model is fitted in a process of its own",
    "bot.playground": "the local Discord is another process, or `matinee play`",
    "bot.services.imports.download": "films and ratings are imported by commands",
    "bot.services.imports.film_list": "films and ratings are imported by commands",
    "bot.services.imports.movielens": "films and ratings are imported by commands",
    "bot.services.training.fit_process": "the models are fitted in a process of their own",
    "bot.cli.play": "`matinee play` only",
    "bot.cli.import_movielens": "a command of its own",
}
"""Module -> why a serving process does not need it. What lies below a module counts too."""

CODE = """
import json, sys
from bot.cli import main
from bot.observability import logs
from bot.run import run_bot
from bot.services.operations.alone import only_bot
from bot.services.people import pretend
from bot.wiring import open_app
print(json.dumps(sorted(sys.modules)))
"""
"""Imports what `matinee run` imports (`bot/cli/main.py`)."""


@pytest.fixture(scope="module")
def imported() -> list[str]:
    """The modules of a fresh process after the imports of `matinee run`."""
    ended = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, cwd=ROOT, check=True
    )
    names: list[str] = json.loads(ended.stdout)
    return names


def test_a_serving_process_imports_nothing_that_it_does_not_use(imported: list[str]) -> None:
    assert "bot.client.client" in imported
    ours = [name for name in UNUSED if name.startswith(("bot.", "recommender."))]
    assert all(importlib.util.find_spec(name) for name in ours), "none has got another name"
    found = {
        f"{name}: {why}"
        for name, why in UNUSED.items()
        if any(one == name or one.startswith(f"{name}.") for one in imported)
    }
    assert found == set()
