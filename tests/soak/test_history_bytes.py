"""Random changes of film histories are read or refused, in bounded time and memory."""

import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from bot.wording.errors.said import said
from storage.imports.history import HistoryLimits, UnreadableHistory
from storage.imports.reader import read_history
from tests.soak.history_bytes import faults, random_file
from tests.soak.process import scaled
from tests.storage.imports import samples
from tests.storage.imports.hostile.checks import MOST_SECONDS, HostileFile, whole
from tests.storage.imports.hostile.test_refused import REFUSED

pytestmark = pytest.mark.soak

SECONDS = scaled(600, at_least=10)

SEED = 20
MOST_MEGABYTES = 300
STATUS = Path("/proc/self/status")


def megabytes(name: str) -> float:
    """Returns a size of this process in MB, such as "VmRSS", what it has, or "VmHWM", its peak."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1_000


def test_random_bytes_are_read_or_refused() -> None:
    outcomes: Counter[str] = Counter()
    bad: list[str] = []
    slowest = 0.0
    case = 0
    before = megabytes("VmRSS")
    start = time.monotonic()
    while time.monotonic() - start < SECONDS:
        case += 1
        name, data = random_file(Random(f"{SEED} {case}"))
        began = time.process_time()
        try:
            history = read_history(name, data)
        except UnreadableHistory as error:
            outcomes[error.key] += 1
            told, wrong = [said(error)], []
        except Exception as error:
            outcomes["crashed"] += 1
            told, wrong = [], [repr(error)]
        else:
            outcomes[history.source] += 1
            told = [said(remark) for remark in history.remarks]
            wrong = faults(history)
        slowest = max(slowest, took := time.process_time() - began)
        if took > MOST_SECONDS:
            wrong.append(f"{took:.1f} s")
        for sentence in told:
            try:
                whole(sentence)
            except AssertionError as error:
                wrong.append(str(error)[:200])
        bad += [f"case {case}, {name!r}: {fault}" for fault in wrong]
        assert len(bad) < 20, "\n".join(bad)
    grown = megabytes("VmHWM") - before
    print(
        f"\n{case} changed histories in {SECONDS} s, the slowest {slowest:.2f} s, at most "
        f"{grown:.0f} MB more: {dict(outcomes.most_common())}"
    )
    assert not bad, "\n".join(bad)
    assert grown < MOST_MEGABYTES


def test_a_large_export_takes_little_memory() -> None:
    row = "2024-01-01,Film {n} 🍿,1998,https://boxd.it/{n},4,," + "Salt " * 180 + ",,2024-01-02\n"
    heading = samples.REVIEWS.partition("\n")[0] + "\n"
    data = samples.zipped(
        {
            f"{part}/reviews.csv": heading
            + "".join(row.format(n=f"{part}{n % 1_000}") for n in range(24_000))
            for part in range(4)
        }
    )
    Path("/proc/self/clear_refs").write_text("5")  # sets the peak to what it is now
    before = megabytes("VmRSS")
    assert (
        read_history("letterboxd.zip", data, limits=HistoryLimits(ratio=1_000)).read_rows == 96_000
    )
    assert megabytes("VmHWM") - before < MOST_MEGABYTES


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.what)
def test_hostile_files_take_little_memory(file: HostileFile) -> None:
    data = file.make()
    Path("/proc/self/clear_refs").write_text("5")  # sets the peak to what it is now
    before = megabytes("VmRSS")
    with pytest.raises(UnreadableHistory):
        read_history(file.name, data, limits=file.limits)
    assert megabytes("VmHWM") - before < MOST_MEGABYTES
