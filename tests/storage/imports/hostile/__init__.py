"""Hostile and broken files, which small functions build, and the sentence that refuses each."""
