"""The outbox: every message to every person and where it stands. Imports parts and what is below."""
