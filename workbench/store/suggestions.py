"""Which field a column of a file most likely is, by its name (English and Russian) and its values."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from workbench.plan.endpoint import ATTRIBUTE, FIELDS, METRIC, OPEN_PREFIXES, USER_ATTRIBUTE
from workbench.plan.mapping import EVENT_FIELDS, Column, Kind, SourceColumn, channel_of, is_too_long, open_target
from workbench.store import event_stream

#: Common names, without blanks, dashes and case, of the fixed targets of endpoints and of users' attributes.
_ENDPOINT_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "Id": ("id", "endpointid", "endpoint", "contactid", "subscriberid", "ид", "идентификатор"),
    "Address": (
        "address", "email", "emailaddress", "mail", "emailaddr", "phone", "phonenumber", "mobile", "mobilephone", "tel",
        "telephone", "cell", "token", "devicetoken", "почта", "электроннаяпочта", "эпочта", "емейл", "имейл", "емаил",
        "телефон", "номертелефона", "мобильный", "мобильныйтелефон", "адрес", "адресэлектроннойпочты",
    ),
    "ChannelType": ("channeltype", "channel", "канал"),
    "OptOut": ("optout", "отписка"),
    "EndpointStatus": ("endpointstatus",),
    "User.UserId": (
        "userid", "user", "customerid", "customer", "clientid", "client", "memberid", "personid", "пользователь",
        "идпользователя", "клиент", "идклиента", "кодклиента", "номерклиента", "покупатель",
    ),
    "User.UserAttributes.FirstName": ("firstname", "givenname", "fname", "имя"),
    "User.UserAttributes.LastName": ("lastname", "surname", "familyname", "lname", "фамилия"),
    "Location.Country": ("country", "countrycode", "страна"),
    "Location.City": ("city", "town", "город"),
    "Location.Region": ("region", "state", "province", "регион", "область", "край"),
    "Location.PostalCode": ("postalcode", "postcode", "zip", "zipcode", "индекс", "почтовыйиндекс"),
    "Location.Latitude": ("latitude", "lat", "широта"),
    "Location.Longitude": ("longitude", "lon", "lng", "долгота"),
    "Demographic.Locale": ("locale", "language", "lang", "язык"),
    "Demographic.Timezone": ("timezone", "tz", "часовойпояс"),
    "Demographic.Platform": ("platform", "os", "платформа"),
}  # fmt: skip
_EVENT_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "EventId": ("eventid", "идсобытия", "transactionid", "orderid"),
    "EventType": ("eventtype", "event", "eventname", "type", "action", "событие", "типсобытия", "действие"),
    "Timestamp": (
        "timestamp", "eventtimestamp", "time", "date", "datetime", "at", "when", "createdat", "occurredat",
        "orderdate", "purchasedate", "дата", "время", "датавремя", "датасобытия", "датапокупки", "датазаказа",
    ),
    "EndpointId": ("endpointid", "endpoint", "clientclientid"),
    "UserId": (*_ENDPOINT_NAMES["User.UserId"], "useruserid"),
    "Address": _ENDPOINT_NAMES["Address"],
    "Session.Id": ("sessionid", "session", "sessionsessionid", "сессия"),
}  # fmt: skip
_AMOUNTS: Final = ("amount", "value", "price", "total", "sum", "revenue", "dollar", "сумма", "цена", "стоимость")
#: Names that people have and events do not.
_PERSONAL: Final = ("Address", "User.UserAttributes.FirstName", "User.UserAttributes.LastName", "Location.City")
_REPEAT: Final = re.compile(r" \(\d+\)$")
#: a leading plus is a phone's
_NUMBER: Final = re.compile(r"^-?(\d+([.,]\d+)?|[.,]\d+)([eE][-+]?\d+)?$")
_LEADING_ZERO: Final = re.compile(r"^[-+]?0\d")
_ISO: Final = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?)?$")
#: Formats tried in this order; the first that fits every sample is suggested.
DATE_FORMATS: Final = (
    "%Y%m%d", "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d.%m.%y", "%m/%d/%y", "%d-%m-%Y", "%Y/%m/%d",
    "%Y/%m/%d %H:%M:%S", "%d %b %Y", "%d %B %Y", "%b %d, %Y",
)  # fmt: skip
EPOCH: Final = "epoch"
_EPOCH: Final = re.compile(r"^\d{10}(\d{3})?$")
_YEARS: Final = range(1900, 2101)


def is_known(name: str) -> bool:
    """Whether the name is one that some column of people or events usually has."""
    return _pinpoint(name, "endpoints") is not None or any(
        _plain(name) in names for table in (_ENDPOINT_NAMES, _EVENT_NAMES) for names in table.values()
    )


def kind_of(columns: Sequence[SourceColumn]) -> Kind:
    """Events have a time and somebody's id but nothing personal; everything else is endpoints."""
    names = [column.name for column in columns]
    events = {_by_name(name, _EVENT_NAMES) for name in names}
    timed = any(_by_name(column.name, _EVENT_NAMES) == "Timestamp" for column in columns)
    if "EventType" in events and timed:
        return "events"
    if any(_pinpoint(name, "endpoints") not in {None, "Address", "Id"} for name in names):
        return "endpoints"
    personal = {_by_name(name, _ENDPOINT_NAMES) for name in names} & set(_PERSONAL)
    return "events" if timed and events & {"UserId", "EndpointId"} and not personal else "endpoints"


def mapping(path: Path, kind: Kind, columns: Sequence[SourceColumn]) -> tuple[Column, ...]:
    """A target for every column, each single one only once, and fixed values for what the file leaves unsaid."""
    streamed = kind == "events" and event_stream.is_one([column.name for column in columns])
    whose = {"Address"} if kind == "endpoints" else {"Address", "EndpointId", "UserId"}
    targets = [event_stream.place(column.name) if streamed else _target(kind, column) for column in columns]
    if whose.isdisjoint(targets):
        targets = _with_address(kind, columns, targets)
    taken: set[str] = set()
    out: list[Column] = []
    for column, target in zip(columns, targets, strict=True):
        if not target or is_too_long(target):
            continue
        again = target in taken and not target.startswith((ATTRIBUTE, USER_ATTRIBUTE))
        goal = open_target(kind, column.name, column.type == "number") if again else target
        taken.add(goal)
        out.append(Column(target=goal, source=column.name, date_format=_format_for(goal, column)))
    return (*out, *_unsaid(path, kind, columns, out))


def _with_address(kind: Kind, columns: Sequence[SourceColumn], targets: list[str]) -> list[str]:
    """The first column of addresses becomes them, if its name says nothing else."""
    for number, (column, target) in enumerate(zip(columns, targets, strict=True)):
        unnamed = target == open_target(kind, column.name, column.type == "number")
        alike = sum(bool(channel_of((sample,))) for sample in column.samples)
        if unnamed and alike > _MOSTLY * len(column.samples):
            return [*targets[:number], "Address", *targets[number + 1 :]]
    return targets


#: part of the values that must look like addresses
_MOSTLY: Final = 0.8


def without_place(kind: Kind, names: Sequence[str]) -> tuple[str, ...]:
    """The columns that no mapping is suggested for: names that are too long, and most facets of the event stream."""
    if kind == "events" and event_stream.is_one(names):
        placed = {name: event_stream.place(name) for name in names if not event_stream.says_nothing(name)}
    else:
        placed = {name: _target(kind, SourceColumn(name=name, type="text")) for name in names}
    return tuple(name for name, target in placed.items() if not target or is_too_long(target))


def _unsaid(path: Path, kind: Kind, columns: Sequence[SourceColumn], out: list[Column]) -> list[Column]:
    mapped = {column.target: column.source for column in out}
    if kind == "events":
        if "EventType" in mapped:
            return []
        bought = any(word in _plain(column.name) for column in columns for word in _AMOUNTS)
        return [Column(target="EventType", value="purchase" if bought else path.name.split(".")[0])]
    return [*_channel(columns, mapped), *_user(mapped)]


def _channel(columns: Sequence[SourceColumn], mapped: dict[str, str]) -> list[Column]:
    if "Address" not in mapped or "ChannelType" in mapped:
        return []
    samples = next(column.samples for column in columns if column.name == mapped["Address"])
    channel = channel_of(samples, _plain(mapped["Address"]))
    return [Column(target="ChannelType", value=channel)] if channel else []


def _user(mapped: dict[str, str]) -> list[Column]:
    """Who is described but has no user's id is the user of that address, so that nothing is lost."""
    source = mapped.get("Address")
    if source is None or "User.UserId" in mapped or not any(name.startswith(USER_ATTRIBUTE) for name in mapped):
        return []
    if "{" in source or "}" in source:  # which a pattern cannot name
        return [Column(target="User.UserId", source=source)]
    return [Column(target="User.UserId", value=f"{{{source}}}")]


def _target(kind: Kind, column: SourceColumn) -> str:
    name = _REPEAT.sub("", column.name)
    exact = _pinpoint(name, kind)
    if exact:
        return exact
    found = _by_name(name, _EVENT_NAMES if kind == "events" else _ENDPOINT_NAMES)
    if found and (found != "Timestamp" or column.type in {"time", "number"}):
        return found
    return open_target(kind, name, column.type == "number")


def _pinpoint(name: str, kind: Kind) -> str | None:
    """Pinpoint's own name, whatever the case of its fixed parts; `attributes.x` of the event stream too."""
    fixed = EVENT_FIELDS if kind == "events" else tuple(FIELDS)
    lower = name.lower()
    for target in fixed:
        if target.lower() == lower:
            return target
    prefixes = (ATTRIBUTE, METRIC) if kind == "events" else OPEN_PREFIXES
    for prefix in sorted(prefixes, key=len, reverse=True):
        if lower.startswith(prefix.lower()) and len(name) > len(prefix):
            return prefix + name[len(prefix) :]
    return None


def _by_name(name: str, table: dict[str, tuple[str, ...]]) -> str | None:
    plain = _plain(name)
    return next((target for target, names in table.items() if plain in names), None)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower()).replace("ё", "е")


def type_of(samples: Sequence[str]) -> tuple[str, str]:
    """(`text`, `number` or `time`, date format) of some texts, none of them blank."""
    if not samples:
        return "text", ""
    if all(_ISO.match(sample) for sample in samples):
        return "time", ""
    for pattern in DATE_FORMATS:
        if all(_fits(sample, pattern) for sample in samples):
            return "time", pattern
    if all(_NUMBER.match(sample) for sample in samples) and not any(_LEADING_ZERO.match(sample) for sample in samples):
        return "number", ""
    return "text", ""


def _fits(sample: str, pattern: str) -> bool:
    if pattern == "%Y%m%d" and not (len(sample) == len("20200131") and sample.isdigit()):
        return False
    try:
        return datetime.strptime(sample, pattern).year in _YEARS  # noqa: DTZ007 - only the form matters
    except ValueError:
        return False


def _format_for(target: str, column: SourceColumn) -> str:
    """The format of a column of times; numbers of ten or thirteen digits are seconds or milliseconds since 1970."""
    times = {"Timestamp", *(name for name, kind in FIELDS.items() if kind == "time")}
    if target not in times:
        return ""
    if column.samples and all(_EPOCH.match(sample) for sample in column.samples):
        return EPOCH
    return type_of(column.samples)[1]
