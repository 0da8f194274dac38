"""Moves a database from SQLite to PostgreSQL, in steps that a kill interrupts without harm."""
