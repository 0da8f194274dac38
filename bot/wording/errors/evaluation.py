"""The sentences for errors of the recommender's evaluation. The operator of the bot reads them."""

from bot.wording.speech import N_, Sentence, _


def measuring_killed(what: str) -> str:
    """Returns a sentence about the test of a model that ended early. what: the model's name."""
    return _(
        "I couldn't finish testing “{model}”, probably because I ran out of memory. Leave "
        "that model out, or try a smaller data set.",
        model=what,
    )


def study_of_few_pairs(least: int) -> str:
    """Returns a sentence about too few pairs of people to compare. least: how many are enough."""
    return _(
        "That's too little to measure anything. Use at least {need} pairs of people, with at "
        "least one film each.",
        need=least,
    )


def study_too_small(least: int, count: int) -> str:
    """Returns a sentence about groups that are too few or too small.

    least: how many groups are enough. count: how many films of each group are enough.
    """
    return _(
        "That's too little to measure anything. Use at least {need} groups, with at least two "
        "people and {group_films} films in each.",
        need=least,
        group_films=count,
    )


def unknown_in_study(what: str, name: str, choices: str) -> str:
    """Returns a sentence about a model or a split that does not exist. what: "model" or "split"."""
    if what == "split":
        return _("There's no split called “{split}”. Try {choices}.", split=name, choices=choices)
    return _("There's no model called “{model}”. Try {choices}.", model=name, choices=choices)


REFUSALS: dict[str, Sentence] = {
    "baseline-too-large": N_(
        "There are too many films ({count}) for “ease”. Leave “ease” out of --models."
    ),
    "fold-empty": N_("{file} is empty. Download the data set again."),
    "fold-line-wrong": N_("{file} line {line}: {problem} Download the data set again."),
    "measuring-killed": measuring_killed,
    "newest-without-times": N_(
        "I can't tell which ratings are newest, because some of them don't have a time. Choose "
        "another split."
    ),
    "no-known-times": N_(
        "I can't find any times in {data} to learn from. Try a data set that has them."
    ),
    "no-model-or-seed": N_("Choose at least one model and one seed."),
    "no-prediction": N_(
        "The model “{model}” couldn't predict some of the ratings in {fold}. Leave that model out."
    ),
    "no-rows-held-out": N_(
        "{data} is too small. Once I've set some rows aside for the test, there's nobody left to "
        "test me on. Try a larger file."
    ),
    "no-taste-to-test": N_(
        "I can't measure anything here. Each taste I test needs sixteen films with tags, "
        "and none of them has that many in this catalogue. Try a larger catalogue."
    ),
    "not-four-numbers": N_("I need four numbers on this line, but it has {count} columns."),
    "nothing-to-evaluate": N_("There aren't any ratings to test with. Try another data set."),
    "nothing-to-find": N_(
        "With the {split} split, there's nothing to test, because too few people have enough "
        "ratings and liked a film in the part I test on. Try another split or a larger data set."
    ),
    "study-of-few-pairs": study_of_few_pairs,
    "study-too-small": study_too_small,
    "tastes-too-small": N_(
        "I can't simulate people with this catalogue, because it doesn't have enough films "
        "for each taste. Try a larger catalogue."
    ),
    "temporal-split-without-times": N_(
        "I can't split the ratings by time, because some of them don't have one. Choose another "
        "split."
    ),
    "too-few-groups": N_(
        "Not enough people have rated the same {count} films. Try a larger data set, or ask for "
        "fewer groups."
    ),
    "too-few-pairs": N_(
        "Not enough pairs of people have rated the same {count} films. Try a larger data set, or "
        "ask for fewer pairs."
    ),
    "too-few-newcomers": N_(
        "{data} doesn't have enough people, because I need to treat a tenth of them as new. Try "
        "a larger data set."
    ),
    "too-few-ratings": N_(
        "There aren't enough ratings for me to set aside a tenth of them. Try a larger data set."
    ),
    "too-little-to-compare": N_(
        "{data} is too small to compare anything. It has {rows} rows from {people} people "
        "about {items} items. I need at least {min_rows} rows from {min_people} people "
        "about {min_items} items. Try a larger file."
    ),
    "unknown-in-study": unknown_in_study,
    "unknown-star-model": N_(
        "There's no model for predicting stars called “{model}”. Try {choices}."
    ),
    "unknown-strategy": N_("There's no strategy called “{name}”. Try {choices}."),
}
"""Key of an error -> its sentence."""
