"""Dates and times as texts, read as wall clock time of one zone."""

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

#: ISO 8601 as attributes hold it, of the years 1000 to 2999: a date, or a date and a time with or without an offset
MOMENT: Final = (
    r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]"
    r"([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])?)?"
)
_MOMENT: Final = re.compile(MOMENT)


def wall_clock(text: str, zone: str) -> datetime | None:
    """The wall clock time in the zone, without it: what has an offset is turned, a date is midnight. None: no date."""
    if _MOMENT.fullmatch(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None


def is_moment(text: str) -> bool:
    """Whether the text is such a date or time."""
    return wall_clock(text, "UTC") is not None
