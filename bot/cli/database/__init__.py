"""The commands about the database as a whole: its copies, and its move to PostgreSQL."""
