"""How many people must share an opinion before it is shown to others."""

MIN_PEOPLE = 3
"""At least this number of people must be behind a sentence about people's ratings. The same
holds for the taste that a scheduled post follows. With fewer, others could infer what one person
rated."""
