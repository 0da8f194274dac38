"""How many people have to be behind what is said or shown to others."""

MIN_PEOPLE = 3
"""At least this number of people must be behind a sentence about people, and behind a taste that a
post follows. If they were fewer, others could tell what one person rated."""
