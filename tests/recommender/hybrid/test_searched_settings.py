"""A search's settings outlive an update; settings chosen by hand follow the new version."""

from dataclasses import fields, replace

from recommender.hybrid.config import RankingConfig
from recommender.hybrid.tuning import SEARCHED_SETTINGS, with_searched


def test_only_searched_settings_are_taken_over() -> None:
    former = replace(
        RankingConfig(), item_weight=0.123, sizes=(7,), trusted_people=1.0, gate_ratings=9.0
    )
    kept = with_searched(RankingConfig(), former)
    for field in fields(RankingConfig):
        source = former if field.name in SEARCHED_SETTINGS else RankingConfig()
        assert getattr(kept, field.name) == getattr(source, field.name)
    assert kept.item_weight == 0.123
    assert kept.trusted_people != 1.0
