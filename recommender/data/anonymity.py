"""How many people must share an opinion before it is shown to others."""

MIN_PEOPLE = 3
"""The least number of people whose ratings must support a statement about what people like, or the
taste that a scheduled post follows. With fewer, others could infer what one person rated.
"""
