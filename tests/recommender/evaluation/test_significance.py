"""P values, and Holm's adjustment for many tests."""

import numpy as np
import pytest
from scipy import stats

from recommender.evaluation.significance import Sample, estimate, holm, p_value


def found(values: list[float]) -> float:
    return p_value(estimate([Sample(np.arange(len(values)), np.array(values))]))


def test_the_p_value_is_that_of_the_t_test() -> None:
    values = np.random.default_rng(1).normal(0.3, 1.0, 12)
    assert found(values.tolist()) == pytest.approx(stats.ttest_1samp(values, 0.0).pvalue)
    assert found((-values).tolist()) == pytest.approx(found(values.tolist()))


def test_without_variation_or_people() -> None:
    assert found([-0.1, -0.1, -0.1]) == pytest.approx(0.0, abs=1e-9)
    assert found([0.0, 0.0]) == 1.0
    assert found([0.4]) == 1.0
    assert found([]) == 1.0


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert len(holm([])) == 0


def test_holm_errs_in_at_most_one_of_twenty_studies() -> None:
    rng = np.random.default_rng(2)
    wrong = [bool((holm(rng.random(54).tolist()) < 0.05).any()) for _ in range(2000)]
    assert 0.03 < np.mean(wrong) < 0.07
