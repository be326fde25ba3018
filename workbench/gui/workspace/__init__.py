"""The workspace: its settings, its file, and the sheets that make, open and copy files. Imports parts and below."""
