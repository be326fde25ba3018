"""Campaigns: their list, the editor, the launch and the send. Imports parts and what is below."""
