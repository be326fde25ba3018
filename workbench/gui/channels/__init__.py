"""Channels: the accounts that messages leave through. Imports parts and what is below."""
