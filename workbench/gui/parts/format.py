"""Numbers and moments as people read them, by the language of the window.

`speak` once per language; `set_zone` once per workspace. Naive moments are taken as UTC.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QLocale

from workbench.plan.words import tr, trn

_LOCALES: Final = {"en": "en_US", "ru": "ru_RU"}
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86400
_WEEK_DAYS: Final = 7
_FRESH_HOURS: Final = 12
_THOUSAND: Final = 1000
_TEN: Final = 10

_zone: list[tzinfo] = [UTC]


def speak(language: str) -> None:
    """Format for `"en"` or `"ru"` from now on."""
    locale = QLocale(_LOCALES.get(language, _LOCALES["en"]))
    locale.setNumberOptions(QLocale.NumberOption.DefaultNumberOptions)
    QLocale.setDefault(locale)


def set_zone(name: str) -> None:
    """Show moments in this time zone; raises `zoneinfo.ZoneInfoNotFoundError` for an unknown name."""
    _zone[0] = ZoneInfo(name)


def number(value: float, decimals: int = 0) -> str:
    """`1204318` as `1,204,318` or `1 204 318`; whole numbers unless decimals are asked for."""
    locale = QLocale()
    if isinstance(value, int) and decimals == 0:
        return _signed(locale.toString(value))
    return _signed(locale.toString(float(value), "f", decimals))


def measured(value: float) -> str:
    """A metric's value: whole numbers whole, others with at most two decimals."""
    return number(int(value)) if float(value).is_integer() else number(value, 2)


def short(value: float) -> str:
    """For axes: `40k`, `2.4M`."""
    for limit, words in ((1e9, tr("{n}bn")), (1e6, tr("{n}M")), (1e3, tr("{n}k"))):
        if abs(value) >= limit:
            scaled = value / limit
            return words.format(n=number(scaled, 0 if scaled == int(scaled) else 1))
    return measured(value)


def percent(share: float, decimals: int = 1) -> str:
    """`0.153` as `15.3 %`."""
    return f"{number(share * 100, decimals)} %"


def rate(per_second: float) -> str:
    """`4120.3` as `4,120/s`."""
    return tr("{n}/s").format(n=number(per_second, 0 if per_second >= _TEN else 1))


def duration(seconds: float) -> str:
    """`38 ms`, `16 s`, `3 min`, `2 h`; rounded, for rest times and timings."""
    if seconds < 1:
        return tr("{n} ms").format(n=number(round(seconds * _THOUSAND)))
    if seconds < _TEN:
        return tr("{n} s").format(n=number(seconds, 1))
    if seconds < _MINUTE * 2:
        return tr("{n} s").format(n=number(round(seconds)))
    if seconds < _HOUR * 2:
        return tr("{n} min").format(n=number(round(seconds / _MINUTE)))
    return tr("{n} h").format(n=number(round(seconds / _HOUR)))


def size(octets: int) -> str:
    """`41 KB`, `2.1 MB`."""
    if octets < _THOUSAND:
        return tr("{n} B").format(n=number(octets))
    if octets < _THOUSAND**2:
        return tr("{n} KB").format(n=number(round(octets / _THOUSAND)))
    return tr("{n} MB").format(n=number(octets / _THOUSAND**2, 1))


def local(moment: datetime) -> datetime:
    """The moment on the workspace's clock."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(_zone[0])


def day(value: date) -> str:
    """`24 Nov 2026`, `24 нояб. 2026`."""
    return QLocale().toString(QDate(value.year, value.month, value.day), "d MMM yyyy")


def day_short(value: date) -> str:
    """`24 Nov`, for axes."""
    return QLocale().toString(QDate(value.year, value.month, value.day), "d MMM")


def clock(moment: datetime) -> str:
    """`18:00`."""
    return local(moment).strftime("%H:%M")


def exact(moment: datetime) -> str:
    """`24 Nov 2026, 18:00:05 CET`, for tooltips."""
    there = local(moment)
    return f"{day(there.date())}, {there:%H:%M:%S} {there.tzname() or ''}".strip()


def relative(moment: datetime, now: datetime | None = None) -> str:
    """`just now`, `5 min ago`, `5 h ago`, `yesterday`, `2 days ago`, `in 3 days`; a date from a week on."""
    here = local(now or datetime.now(UTC))
    there = local(moment)
    seconds = (here - there).total_seconds()
    if seconds < 0:
        return _ahead(-seconds, there, here)
    if seconds < _MINUTE:
        return tr("just now")
    if seconds < _HOUR:
        count = int(seconds // _MINUTE)
        return trn("{n} min ago", "{n} min ago", count).format(n=count)
    days = (here.date() - there.date()).days
    if days == 0 or seconds < _HOUR * _FRESH_HOURS:
        count = int(seconds // _HOUR)
        return trn("{n} h ago", "{n} h ago", count).format(n=count)
    return _days_ago(days, there)


def _days_ago(days: int, there: datetime) -> str:
    if days == 1:
        return tr("yesterday")
    if days < _WEEK_DAYS:
        return trn("{n} day ago", "{n} days ago", days).format(n=number(days))
    return day(there.date())


def _ahead(seconds: float, there: datetime, here: datetime) -> str:
    if seconds < _MINUTE:
        return tr("in a moment")
    if seconds < _HOUR:
        count = int(seconds // _MINUTE)
        return trn("in {n} min", "in {n} min", count).format(n=count)
    days = (there.date() - here.date()).days
    if days == 0:
        return tr("today at {time}").format(time=f"{there:%H:%M}")
    if days == 1:
        return tr("tomorrow at {time}").format(time=f"{there:%H:%M}")
    if timedelta(days=days) < timedelta(days=_WEEK_DAYS):
        return trn("in {n} day", "in {n} days", days).format(n=number(days))
    return day(there.date())


def _signed(text: str) -> str:
    # A true minus: as wide as the figures beside it.
    return text.replace("-", "−") if text.startswith("-") else text
