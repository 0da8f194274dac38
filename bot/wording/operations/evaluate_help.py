"""What `matinee evaluate --help` and `matinee explore --help` say about commands and options.

`bot/cli/evaluate/commands.py` translates these constants when it is imported, since it defines the
commands then.
"""

from bot.wording.speech import N_, _

EVALUATE = N_("Measure models on a data set, and compare them.")
EXPLORE = N_("Describe a data set: its stars, how full it is, rarely rated films, genres and tags.")

RANKING = N_(
    "Compare how well models rank films, and what each costs. “serving” is what /recommend uses."
)
CONTEXT = N_(
    "Check whether knowing the time of day and the weekday makes the ranking better. You can use "
    "your own data."
)
RATING = N_("Compare how well models predict stars. If the folder has folds u1 to u5, I use those.")
MATCHES = N_(
    "Measure whether the match of two people says how often they'll feel the same about a film."
)
GROUPS = N_(
    "Measure how much the members of a group like what they're shown, above all the one who likes "
    "it least."
)
SHELVES = N_(
    "Check whether each person's shelves come in the order they'd like, compared with sorting by "
    "size or by tags they've liked."
)
TASTE = N_(
    "Measure how well the model in use finds films for narrow tastes, compared with tags alone."
)
GROWTH = N_(
    "Simulate a new server day by day, and measure what its members get. They have twelve tastes."
)
COLDSTART = N_(
    "Measure how much better picks get with each question or screen of the quiz. “newcomer” is how "
    "I ask."
)

DATA = N_("Give me the folder of any MovieLens data set.")
SCALE = N_("Write 10 if the ratings go from 1 to 10.")
STARTER = N_("Add tags and facts from the starter catalogue.")
MODELS = N_("Name the models, with commas between them. Leave it out for all.")
JSON = N_("Write the figures to this file.")
CSV = N_("Write the figures to this file, as a table.")
REPORT = N_("Write a page: FILE.html or FILE.md.")

RANKING_SPLIT = N_("Choose how I hold ratings out: reference, temporal or new-people.")
RANKING_SEED = N_("Use another seed for another random split. Leave it out for 42.")
RANKING_SEEDS = N_(
    "Name the seeds of several splits, like 42,1,2,3,4,5. I'll show means, and gains "
    "split by split."
)
RANKING_PEOPLE = N_("Rank for only this many people, chosen at random.")

CONTEXT_DATA = N_("Give me a file of ratings or counts, with any delimiter.")
CONTEXT_COLUMN = N_("Name this column, or leave it out and I'll guess.")
CONTEXT_MOOD = N_(
    "Name the column of moods that people told you beforehand. I never guess this one."
)
CONTEXT_ZONE = N_("Name the time zone of the times, like Asia/Tokyo.")
CONTEXT_LIKED = N_("Say which rating counts as liked, at least. Leave it out for 4 of 5.")
CONTEXT_SEEDS = N_("Name the seeds of the splits. Leave it out for 0,1,2,3,4.")

RATING_SEEDS = N_(
    "Name the seeds of the random splits. Each holds out a tenth. Leave it out for 0,1,2."
)

GROUPS_COUNT = N_("Choose how many groups I draw.")
GROUPS_SIZE = N_("Choose how many members each group has.")
GROUPS_FILMS = N_("Choose how many films all members have to have rated.")
GROUPS_SEED = N_("Use another seed to draw other groups and hold out other ratings.")

MATCHES_PAIRS = N_("Choose how many pairs of people I draw.")
MATCHES_FILMS = N_("Choose how many hidden films both have to have rated.")
MATCHES_SEED = N_("Use another seed to draw other pairs and hide other ratings.")

SHELVES_SEED = N_("Use another seed to draw other folds and show other ratings.")

TASTE_PEOPLE = N_("Choose how many simulated people each taste has.")
PEOPLE_SEED = N_("Use another seed for other simulated people.")

GROWTH_DAYS = N_("Choose how many days I simulate. Each ends with a fit at night.")
GROWTH_PEOPLE = N_("Choose how many people join on each day after the first.")
GROWTH_SEED = N_("Use another seed for other simulated people and other fits.")
GROWTH_PLOT = N_("Draw the days into this SVG file.")

COLDSTART_DRAWS = N_(
    "Choose how many rounds I run. In each, another tenth of the people are newcomers."
)
COLDSTART_STRATEGIES = N_(
    "Name the ways of asking, with commas between them. Leave it out for all."
)
COLDSTART_PEOPLE = N_("Choose how many newcomers each round has, at most.")


def one_seed_option() -> str:
    """Returns why `evaluate ranking` stops if both of its options for seeds are given."""
    return _("You've given both --seed and --seeds. Give just one of them.")
