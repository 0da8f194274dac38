"""The reference protocol, loaded from where it lies beside the repository; tests skip without."""

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
    """The module; what importing it sets in the environment is taken back."""
    before = dict(os.environ)
    spec = importlib.util.spec_from_file_location("reference_protocol", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    os.environ.clear()
    os.environ.update(before)
    return module
