"""Hostile and broken files are refused with a complete sentence that is true about them."""

import pytest

from tests.storage.imports.hostile.checks import HostileFile, refused
from tests.storage.imports.hostile.tables import TABLES
from tests.storage.imports.hostile.texts import TEXTS
from tests.storage.imports.hostile.trees import TREES
from tests.storage.imports.hostile.zips import ZIPS

REFUSED = (*ZIPS, *TEXTS, *TABLES, *TREES)


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.what)
def test_a_hostile_file_is_refused_with_a_true_sentence(file: HostileFile) -> None:
    refused(file)
