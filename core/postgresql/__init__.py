"""Database engine: Django's for PostgreSQL, with an end to all waiting."""
