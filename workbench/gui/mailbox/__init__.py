"""The sandbox mailbox: what the built-in server received. Imports parts and what is below."""
