"""The reference protocol, which lies outside of the repository. Tests that need it skip without
it."""

import importlib.util
import os
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

_ROOT = Path(__file__).resolve().parents[2]
FILE = _ROOT.parent / "shared" / "evaluation" / "protocol.py"
DATA = _ROOT.parent / "shared" / "data" / "ml-latest-small"

needs_protocol = pytest.mark.skipif(
    not (FILE.is_file() and (DATA / "ratings.csv").is_file()),
    reason=f"no reference protocol at {FILE}, or no data for it in {DATA}",
)


@cache
def protocol() -> ModuleType:
    """Returns the module. What it changes in the environment when imported is undone."""
    before = dict(os.environ)
    spec = importlib.util.spec_from_file_location("reference_protocol", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    os.environ.clear()
    os.environ.update(before)
    return module
