"""The match of MovieLens people, measured as `matinee evaluate matches` does."""

import pytest

from recommender.datasets.folder import read_folder
from recommender.evaluation.matches.report import match_file
from recommender.evaluation.matches.study import PLAIN, SERVING, MatchStudyConfig, study_matches
from tests.movielens import FOLDER, needs_movielens


@needs_movielens
@pytest.mark.soak
def test_a_match_of_movielens_people_predicts_the_hidden_half() -> None:
    """A fit of the rating model takes some seconds; five hundred pairs are those of the command."""
    study = study_matches(read_folder(FOLDER), MatchStudyConfig(resamples=200))
    serving = study.correlations[SERVING]
    assert serving.value > 0.4
    assert serving.gain_low > 0.0, "above the plain share"
    assert study.correlations[PLAIN].gain == 0.0
    figures = match_file(study)
    few, some, many = figures["bands"]
    assert (few["told"], some["told"], many["told"]) == ("no match", "first guess", "match")
    assert few["doubt"] > some["doubt"] > many["doubt"]
    assert all(row["inside"] >= 0.9 for row in figures["bands"])
    assert all(abs(row["told"] - row["hidden"]) < 0.06 for row in figures["quarters"])
