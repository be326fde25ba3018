"""The one error of this folder: what stands in the way, and what to do about it."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - not a fault of the program: it declines, and says what would help
    """Setting up cannot go on; the text is written for the person at the keyboard."""
