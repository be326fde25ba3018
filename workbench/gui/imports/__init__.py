"""Imports: drop files, map their columns, follow the work, read the reports. Imports parts and below."""
