"""What a mapping gives for each column of `events`, whose event it is, and what can be wrong with it."""

from dataclasses import dataclass
from typing import Final

from workbench.plan.endpoint import ATTRIBUTE, METRIC
from workbench.plan.mapping import Column, Mapping, needed
from workbench.plan.words import tr
from workbench.store.catalogue import Columns
from workbench.store.sources import Source
from workbench.store.staging import Check, fault_checks
from workbench.store.values import Values

#: Limits of Pinpoint: characters of an attribute's value and of a type's name.
VALUE_LENGTH: Final = 200
TYPE_LENGTH: Final = 50

#: Relations that give `name` and the endpoint `key` of each way to say whose event it is. A user's events belong to the
#: newest active endpoint, an address's to the newest active endpoint that has it.
OWNERS: Final = {
    "EndpointId": "SELECT id AS name, key FROM endpoints",
    "UserId": """SELECT user_id AS name, arg_max(key, (status = 'ACTIVE', effective, key)) AS key
        FROM endpoints WHERE user_id IS NOT NULL GROUP BY user_id""",
    "Address": """SELECT lower(address) AS name, arg_max(key, (status = 'ACTIVE', effective, key)) AS key
        FROM endpoints WHERE address IS NOT NULL GROUP BY lower(address)""",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One physical column of `events` and the SQL, over the raw cells, of what fills it."""

    target: str
    column: str
    value: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventFields:
    """Everything that a mapping fills.

    Attributes:
        at: SQL of the time, `type` of the event type, `id` of the event's own id as a UUID or `NULL`.
        cells: the other columns: session, attributes, metrics.
        owners: SQL of the texts that say whose event it is, by way; at least one.
        checks: what can be wrong; the last one needs the column `key`, NULL where nobody was found.
    """

    at: str
    type: str
    id: str
    cells: tuple[Cell, ...]
    owners: dict[str, str]
    checks: tuple[Check, ...]

    def owner(self) -> str:
        """SQL of the text that says whose event it is: the first way that the row uses."""
        return f"coalesce({', '.join(self.owners.values())})"


def event_fields(mapping: Mapping, source: Source, columns: Columns, timezone: str) -> EventFields:
    """What the mapping fills; its problems have been checked before."""
    values = Values(source, timezone)
    by_target = {column.target: column for column in mapping.columns}
    at, when = values.time(by_target["Timestamp"]), values.text(by_target["Timestamp"])
    kind = values.text(by_target["EventType"])
    checks = [
        *fault_checks(source),
        Check(f"({at}) IS NULL", "Timestamp", when, tr("It is not a date or time that can be read.")),
        Check(f"({kind}) IS NULL", "EventType", "NULL", tr("The row has no event type.")),
    ]
    if not by_target["EventType"].value:
        long = tr("It has more than {limit} characters.").format(limit=TYPE_LENGTH)
        checks.append(
            Check(f"strlen({kind}) > {TYPE_LENGTH} AND length({kind}) > {TYPE_LENGTH}", "EventType", kind, long)
        )
    cells = []
    for target, column in by_target.items():
        cell, wrong = _cell(target, column, columns, values, source)
        cells += cell
        checks += wrong
    owners = {way: _owner(way, values.text(by_target[way])) for way in OWNERS if way in by_target}
    whose = f"coalesce({', '.join(owners.values())})"
    checks += [
        Check(f"{whose} IS NULL", next(iter(owners)), "NULL", tr("The row does not say whose event it is.")),
        Check("key IS NULL", next(iter(owners)), whose, tr("Nobody is known by this name.")),
    ]
    given = values.text(by_target["EventId"]) if "EventId" in by_target else "NULL"
    return EventFields(at, kind, identity(given), tuple(cells), owners, tuple(checks))


def owned(fields: EventFields, rows: str) -> str:
    """The raw rows with the `key` of the endpoint whose event it is, NULL where nobody is known."""
    owners = fields.owners
    joins = " ".join(
        f"LEFT JOIN ({OWNERS[way]}) by_{way.lower()} ON by_{way.lower()}.name = {text}" for way, text in owners.items()
    )
    cases = " ".join(f"WHEN {text} IS NOT NULL THEN by_{way.lower()}.key" for way, text in owners.items())
    key = f"CASE {cases} END" if len(owners) > 1 else f"by_{next(iter(owners)).lower()}.key"
    return f"(SELECT raw.*, {key} AS key FROM {rows} raw {joins})"


#: SQL of the id of events that have none.
NO_IDENTITY: Final = "NULL::UUID"


def identity(text: str) -> str:
    """An event's id as a UUID: the id itself where it is one, else its MD5."""
    if text == "NULL":
        return NO_IDENTITY
    return f"coalesce(TRY_CAST({text} AS UUID), CAST(md5({text}) AS UUID))"


def _owner(way: str, text: str) -> str:
    return f"lower({text})" if way == "Address" else text


def _cell(
    target: str, column: Column, columns: Columns, values: Values, source: Source
) -> tuple[list[Cell], list[Check]]:
    cells = tuple(source.field(name).column for name in needed(column))
    text = values.text(column, trimmed=target == "Session.Id")
    if target == "Session.Id":
        return [Cell(target, "session", text, cells)], []
    if target.startswith(ATTRIBUTE):
        wrong = f"strlen({text}) > {VALUE_LENGTH} AND length({text}) > {VALUE_LENGTH}"
        reason = tr("It has more than {limit} characters.").format(limit=VALUE_LENGTH)
        name = columns.event_attributes[target.removeprefix(ATTRIBUTE)]
        return [Cell(target, name, text, cells)], [Check(wrong, target, text, reason)]
    if target.startswith(METRIC):
        number = values.number(column)
        wrong = f"({values.given(column)}) IS NOT NULL AND ({number}) IS NULL"
        name = columns.event_metrics[target.removeprefix(METRIC)]
        return [Cell(target, name, number, cells)], [Check(wrong, target, text, tr("It is not a number."))]
    return [], []
