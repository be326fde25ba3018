"""A person's dossier to be read: as plain text and as a page of its own, in the language of the moment."""

from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import Final

from workbench.plan.endpoint import Endpoint, TimelineEntry
from workbench.plan.privacy import Dossier
from workbench.plan.words import N_, tr, trn

#: fields that an endpoint names itself, in words; all others stand under their dotted names
_WORDS: Final = {
    "id": N_("ID"),
    "user_id": N_("Person ID"),
    "status": N_("Status"),
    "opt_out": N_("Opted out of"),
    "cohort": N_("Cohort"),
    "created": N_("Added"),
    "effective": N_("Valid from"),
}
_STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:52em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%;margin:.5em 0 2em}"
    "th,td{text-align:left;vertical-align:top;padding:.25em 1em .25em 0;border-bottom:1px solid #ddd;"
    "overflow-wrap:anywhere}th{font-weight:normal;color:#555;width:30%}"
)


def readable(dossier: Dossier) -> str:
    """The dossier as plain text: a block per endpoint, the lists, then a line for each thing that happened."""
    lines: list[str] = []
    for endpoint in dossier.endpoints:
        lines += [_heading(endpoint), *(f"  {name}: {value}" for name, value in facts(endpoint)), ""]
    lines += [*(f"* {name}" for name in dossier.lists), *([""] if dossier.lists else [])]
    for entry in dossier.timeline:
        told = ", ".join(f"{name}: {value}" for name, value in entry.details.items())
        lines.append(f"{moment(entry.at)}  {_happened(entry)}" + (f"  ({told})" if told else ""))
    return "\n".join(lines).rstrip() + "\n"


def page(dossier: Dossier) -> str:
    """The dossier as a whole HTML page, which loads nothing and runs nothing."""
    title = escape(tr("Everything known of a person"))
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n{''.join(_sections(dossier))}</body></html>\n"
    )


def facts(endpoint: Endpoint) -> list[tuple[str, str]]:
    """Names and values of all that an endpoint and its user have."""
    fixed = {
        "id": endpoint.id,
        "user_id": endpoint.user_id or "",
        "status": endpoint.status,
        "opt_out": endpoint.opt_out,
        "cohort": str(endpoint.cohort),
        "created": moment(endpoint.created),
        "effective": moment(endpoint.effective),
    }
    return [
        *((tr(_WORDS[name]), value) for name, value in fixed.items() if value),
        *((name, str(value)) for name, value in endpoint.fields.items()),
        *((f"Attributes.{name}", ", ".join(values)) for name, values in endpoint.attributes.items()),
        *((f"Metrics.{name}", f"{value:g}") for name, value in endpoint.metrics.items()),
        *((f"User.UserAttributes.{name}", ", ".join(values)) for name, values in endpoint.user_attributes.items()),
    ]


def moment(at: datetime) -> str:
    """An instant to the second, with its offset."""
    return at.isoformat(sep=" ", timespec="seconds")


def _sections(dossier: Dossier) -> Iterator[str]:
    for endpoint in dossier.endpoints:
        yield _section(_heading(endpoint), _table(facts(endpoint)))
    if dossier.lists:
        items = "".join(f"<li>{escape(each)}</li>" for each in dossier.lists)
        yield _section(tr("Lists"), f"<ul>{items}</ul>\n")
    count = len(dossier.timeline)
    rows = [(moment(entry.at), "\n".join((_happened(entry), *_details(entry)))) for entry in dossier.timeline]
    yield _section(trn("{n} thing happened", "{n} things happened", count).format(n=count), _table(rows))


def _section(title: str, body: str) -> str:
    return f"<h2>{escape(title)}</h2>\n{body}"


def _table(rows: list[tuple[str, str]]) -> str:
    lines = (
        f"<tr><th>{escape(name)}</th><td>{escape(value).replace(chr(10), '<br>')}</td></tr>\n" for name, value in rows
    )
    return f"<table>\n{''.join(lines)}</table>\n" if rows else ""


def _heading(endpoint: Endpoint) -> str:
    return f"{endpoint.channel_type} {endpoint.address}".strip() or endpoint.id


def _happened(entry: TimelineEntry) -> str:
    return tr("Message “{name}”").format(name=entry.name) if entry.kind == "message" else entry.name


def _details(entry: TimelineEntry) -> Iterator[str]:
    return (f"{name}: {value}" for name, value in entry.details.items())
