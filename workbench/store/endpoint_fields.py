"""What a mapping gives for each column of `endpoints` and `users`, and what can be wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.plan.edit import CHOICES, INITIAL, MAIL, PHONE, VALUE_LENGTH, VALUES
from workbench.plan.endpoint import FIELDS, METRIC
from workbench.plan.mapping import Column, Mapping, needed
from workbench.plan.words import tr
from workbench.store import lists
from workbench.store.catalogue import FIELD_COLUMNS, Columns
from workbench.store.queries import literal
from workbench.store.sources import Source
from workbench.store.staging import Check, fault_checks
from workbench.store.values import Values


@dataclass(frozen=True, slots=True)
class Slot:
    """One physical column and the SQL, over the raw cells, of what the file says for it; NULL: the file says nothing.

    `sources` are the raw columns that feed it. `fills`: it is for those who have nothing there, and changes nobody.
    """

    target: str
    column: str
    value: str
    sources: tuple[str, ...]
    fills: bool = False


@dataclass(frozen=True, slots=True)
class Slots:
    """Everything that a mapping fills: columns of endpoints (without `Id` and those of `initial`), and of users."""

    id: str
    endpoint: tuple[Slot, ...]
    initial: tuple[Slot, ...]
    user: tuple[Slot, ...]
    checks: tuple[Check, ...]

    def value(self, target: str) -> str:
        """SQL of an endpoint's target; `NULL` where nothing is mapped to it."""
        return next((slot.value for slot in self.endpoint if slot.target == target), "NULL")


def slots(mapping: Mapping, source: Source, columns: Columns, timezone: str) -> Slots:
    """What the mapping fills, in the order in which it names the targets."""
    values = Values(source, timezone)
    by_target: dict[str, list[Column]] = {}
    for column in mapping.columns:
        by_target.setdefault(column.target, []).append(column)
    checks = fault_checks(source)
    found: dict[str, list[Slot]] = {"endpoint": [], "initial": [], "user": []}
    for target, feeds in by_target.items():
        place = columns.endpoint_column(target)
        if place is None:
            raise LookupError(target)
        value, wrong = _value(target, feeds, values)
        checks += wrong
        cells = tuple(source.field(name).column for feed in feeds for name in needed(feed))
        group = "user" if place[0] == "users" else "initial" if target in INITIAL else "endpoint"
        if target != "Id":
            fills = target == "User.UserId" and _is_the_address(feeds[0], by_target)
            found[group].append(Slot(target, place[1], value, cells, fills))
    given = values.text(by_target["Id"][0]) if "Id" in by_target else "NULL"
    done = Slots(given, tuple(found["endpoint"]), tuple(found["initial"]), tuple(found["user"]), ())
    checks += _address_checks(done)
    return Slots(given, done.endpoint, done.initial, done.user, tuple(checks))


def _is_the_address(feed: Column, by_target: dict[str, list[Column]]) -> bool:
    """Whether a user's id is only the address: who has an id already keeps it."""
    own = {column.value or f"{{{column.source}}}" for column in by_target.get("Address", ())}
    return (feed.value or f"{{{feed.source}}}") in own


def _value(target: str, feeds: Sequence[Column], values: Values) -> tuple[str, list[Check]]:
    feed = feeds[0]
    text = values.text(feed)
    given = values.given(feed)
    if target.startswith(METRIC) or FIELDS.get(target) == "number":
        return _or_wrong(target, (given, text), values.number(feed), tr("It is not a number."))
    if FIELDS.get(target) == "time":
        return _or_wrong(target, (given, text), values.time(feed), tr("It is not a date or time that can be read."))
    if target in CHOICES:
        return f"upper({text})", _choice(target, text)
    if target == "CohortId":
        number = f"CASE WHEN TRY_CAST({text} AS INTEGER) BETWEEN 0 AND 99 THEN TRY_CAST({text} AS UTINYINT) END"
        return _or_wrong(target, (given, text), number, tr("It is not a number from 0 to 99."))
    if target in FIELD_COLUMNS:
        return text, []
    return _attribute(target, feeds, values)


def _or_wrong(target: str, cell: tuple[str, str], value: str, reason: str) -> tuple[str, list[Check]]:
    """The value, and the check that a cell that is given (its own type, and as text) gives one."""
    given, text = cell
    return value, [Check(f"({given}) IS NOT NULL AND ({value}) IS NULL", target, text, reason)]


def _choice(target: str, text: str) -> list[Check]:
    allowed = CHOICES[target]
    reason = tr("This channel is not known.")
    if target != "ChannelType":
        reason = tr("It must be {choices}.").format(choices=" / ".join(allowed))
    return [Check(f"upper({text}) NOT IN ({', '.join(literal(name) for name in allowed)})", target, text, reason)]


def _attribute(target: str, feeds: Sequence[Column], values: Values) -> tuple[str, list[Check]]:
    """The values as they are stored."""
    too_long = tr("It has more than {limit} characters.").format(limit=VALUE_LENGTH)
    if values.is_single(feeds):
        text = values.text(feeds[0], trimmed=False)
        # its bytes are counted first, which is cheap
        wrong = f"strlen({text}) > {VALUE_LENGTH} AND length({text}) > {VALUE_LENGTH}"
        return text, [Check(wrong, target, text, too_long)]
    several = values.many(feeds)
    shown = f"array_to_string({several}, ', ')"
    longest = f"list_max(list_transform({several}, lambda item: length(item)))"
    return lists.joined(several), [
        Check(f"{longest} > {VALUE_LENGTH}", target, shown, too_long),
        Check(
            f"len({several}) > {VALUES}",
            target,
            shown,
            tr("There are more than {limit} values.").format(limit=VALUES),
        ),
    ]


def checks_of_new(found: Slots, name: str) -> tuple[Check, Check]:
    """Checks of rows whose id, the SQL `name`, nobody has yet: new endpoints need an address and a channel."""
    fresh = f"({name}) IS NOT NULL AND ({name}) NOT IN (SELECT id FROM endpoints)"
    address, channel = found.value("Address"), found.value("ChannelType")
    return (
        Check(f"({address}) IS NULL AND {fresh}", "Address", name, tr("The endpoint is new and has no address.")),
        Check(f"({channel}) IS NULL AND {fresh}", "ChannelType", name, tr("The endpoint is new and has no channel.")),
    )


def addressed(channel: str, address: str) -> str:
    """SQL of channel and address as one text; mail is delivered without regard to case."""
    return f"{channel} || ':' || CASE WHEN {channel} = 'EMAIL' THEN lower({address}) ELSE {address} END"


def address_checks(channel: str, address: str) -> tuple[Check, Check]:
    """Whether an address, where there is one, can be one of its channel."""
    mail = f"{channel} = 'EMAIL' AND NOT regexp_full_match({address}, {literal(MAIL)})"
    phone = f"{channel} IN ('SMS', 'VOICE') AND NOT regexp_full_match({address}, {literal(PHONE)})"
    return (
        Check(mail, "Address", address, tr("It is not an e-mail address.")),
        Check(phone, "Address", address, tr("It is not a phone number.")),
    )


def _address_checks(found: Slots) -> list[Check]:
    address, channel, user = (found.value(target) for target in ("Address", "ChannelType", "User.UserId"))
    checks: list[Check] = []
    if address != "NULL" and channel != "NULL":
        checks += address_checks(channel, address)
    if found.id == "NULL" or address == "NULL" or channel == "NULL":
        nobody = f"({found.id}) IS NULL AND (({address}) IS NULL OR ({channel}) IS NULL)"
    else:
        nobody = f"{found.id} IS NULL AND ({address} IS NULL OR {channel} IS NULL)"
    if user != "NULL":
        only_user = f"{nobody} AND ({address}) IS NULL AND ({user}) IS NOT NULL"
        text = tr("The row names a user only; a person needs an address and a channel, or a known Id.")
        checks.append(Check(only_user, "Address", user, text))
    checks += [
        Check(f"{nobody} AND ({address}) IS NULL", "Address", "NULL", tr("The row has no address and no Id.")),
        Check(nobody, "ChannelType", "NULL", tr("The row has an address but no channel.")),
    ]
    return checks
