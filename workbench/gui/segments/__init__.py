"""Segments: the list, and the editor that draws a tree of rules as sentences. Imports parts and below."""
