"""Which physical column holds which name, and giving columns to new names."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import duckdb

from workbench.plan.endpoint import ATTRIBUTE, METRIC, USER_ATTRIBUTE

Kind = Literal["attribute", "metric", "user_attribute", "event_attribute", "event_metric"]

#: Physical columns of the fixed fields of an endpoint.
FIELD_COLUMNS: Final[dict[str, str]] = {
    "Id": "id",
    "Address": "address",
    "ChannelType": "channel_type",
    "EndpointStatus": "status",
    "OptOut": "opt_out",
    "EffectiveDate": "effective",
    "CreationDate": "created",
    "CohortId": "cohort",
    "RequestId": "request_id",
    "Demographic.AppVersion": "app_version",
    "Demographic.Locale": "locale",
    "Demographic.Make": "make",
    "Demographic.Model": "model",
    "Demographic.ModelVersion": "model_version",
    "Demographic.Platform": "platform",
    "Demographic.PlatformVersion": "platform_version",
    "Demographic.Timezone": "timezone",
    "Location.City": "city",
    "Location.Country": "country",
    "Location.Latitude": "latitude",
    "Location.Longitude": "longitude",
    "Location.PostalCode": "postal_code",
    "Location.Region": "region",
    "User.UserId": "user_id",
}

#: table, prefix of the column's name, type
_PLACES: Final[dict[Kind, tuple[str, str, str]]] = {
    "attribute": ("endpoints", "a_", "VARCHAR"),
    "metric": ("endpoints", "m_", "DOUBLE"),
    "user_attribute": ("users", "u_", "VARCHAR"),
    "event_attribute": ("events", "x_", "VARCHAR"),
    "event_metric": ("events", "y_", "DOUBLE"),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Name -> physical column, one map per kind, in the order in which the names came."""

    attributes: dict[str, str]
    metrics: dict[str, str]
    user_attributes: dict[str, str]
    event_attributes: dict[str, str]
    event_metrics: dict[str, str]

    def of(self, kind: Kind) -> dict[str, str]:
        """The map of that kind."""
        maps: dict[Kind, dict[str, str]] = {
            "attribute": self.attributes,
            "metric": self.metrics,
            "user_attribute": self.user_attributes,
            "event_attribute": self.event_attributes,
            "event_metric": self.event_metrics,
        }
        return maps[kind]

    def endpoint_column(self, field: str) -> tuple[str, str] | None:
        """(table, column) of a dotted endpoint field, table `endpoints` or `users`; None where the name is unknown."""
        if field in FIELD_COLUMNS:
            return "endpoints", FIELD_COLUMNS[field]
        for prefix, kind in OPEN_KINDS.items():
            if field.startswith(prefix):
                column = self.of(kind).get(field.removeprefix(prefix))
                return (_PLACES[kind][0], column) if column else None
        return None


#: Kinds of an endpoint's own names by their dotted prefix.
OPEN_KINDS: Final[dict[str, Kind]] = {ATTRIBUTE: "attribute", METRIC: "metric", USER_ATTRIBUTE: "user_attribute"}


def load(cursor: duckdb.DuckDBPyConnection) -> Columns:
    """The columns of all names in use."""
    return _columns(cursor, "catalogue")


def load_reserved(cursor: duckdb.DuckDBPyConnection) -> Columns:
    """The columns of all names that have one, whether or not they are in use."""
    return _columns(cursor, "columns")


def _columns(cursor: duckdb.DuckDBPyConnection, source: str) -> Columns:
    maps: dict[str, dict[str, str]] = {kind: {} for kind in _PLACES}
    rows = cursor.execute(f"SELECT kind, name, column_name FROM {source}").fetchall()
    for kind, name, column in sorted(rows, key=lambda row: int(row[2].split("_")[1])):
        maps[kind][name] = column
    return Columns(
        maps["attribute"], maps["metric"], maps["user_attribute"], maps["event_attribute"], maps["event_metric"]
    )


def reserve(cursor: duckdb.DuckDBPyConnection, kind: Kind, names: Iterable[str], *, spare: int = 0) -> None:
    """Give each name a physical column, a spare one where there is one; the caller's transaction is a short one.

    Altering a table breaks transactions that are adding rows to it, so an import does this before it begins, and leaves
    at least `spare` columns for names that come while it runs.
    """
    known = load_reserved(cursor).of(kind)
    wanted = [name for name in dict.fromkeys(names) if name not in known]
    if not wanted and not spare:
        return
    table, prefix, type_name = _PLACES[kind]
    physical = _physical(cursor, table, prefix)
    free = [column for column in physical if column not in set(known.values())]
    for number in range(len(wanted) + spare - len(free)):
        column = f"{prefix}{len(physical) + number + 1}"
        cursor.execute(f"ALTER TABLE {table} ADD COLUMN {column} {type_name}")
        free.append(column)
    rows = [(kind, name, column) for name, column in zip(wanted, free, strict=False)]
    if rows:
        cursor.executemany("INSERT INTO columns VALUES (?, ?, ?)", rows)


def _physical(cursor: duckdb.DuckDBPyConnection, table: str, prefix: str) -> list[str]:
    described = [row[0] for row in cursor.execute(f"DESCRIBE {table}").fetchall()]
    found = [name for name in described if name.startswith(prefix) and name.removeprefix(prefix).isdigit()]
    return sorted(found, key=lambda name: int(name.removeprefix(prefix)))


def use(cursor: duckdb.DuckDBPyConnection, kind: Kind, names: Iterable[str], event_type: str = "") -> None:
    """Note that the names are in use (for events: by that type); what is noted already is passed over."""
    noted = cursor.execute("SELECT name FROM names WHERE kind = ? AND event_type = ?", [kind, event_type]).fetchall()
    fresh = set(names) - {row[0] for row in noted}
    if fresh:
        cursor.executemany("INSERT INTO names VALUES (?, ?, ?)", [(kind, name, event_type) for name in sorted(fresh)])
