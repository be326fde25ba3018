"""What people may ask for: everything known of them, and to be forgotten."""

from workbench.plan.definition import Answer
from workbench.plan.endpoint import Endpoint, TimelineEntry


class Dossier(Answer):
    """Everything that the workspace knows of one person.

    Attributes:
        endpoints: all endpoints of the user, with the attributes of the endpoint and of the user.
        timeline: every event and every message, the newest first.
        lists: names of the lists that an endpoint is on.
    """

    endpoints: tuple[Endpoint, ...]
    timeline: tuple[TimelineEntry, ...]
    lists: tuple[str, ...] = ()


class Erased(Answer):
    """What was erased.

    Attributes:
        endpoints: endpoints deleted.
        events: events deleted.
        messages: rows of the outbox whose address was blanked; that somebody got them stays in the figures.
        unknown: ids that were asked for and are not there.
    """

    endpoints: int
    events: int
    messages: int
    unknown: tuple[str, ...] = ()


def readable(dossier: Dossier) -> str:
    """The dossier as plain text: a block per endpoint, then a line for each thing that happened."""
    lines: list[str] = []
    for endpoint in dossier.endpoints:
        lines += [
            f"{endpoint.channel_type} {endpoint.address}",
            *(f"  {name}: {value}" for name, value in _facts(endpoint)),
        ]
        lines.append("")
    lines += [f"* {name}" for name in dossier.lists]
    for entry in dossier.timeline:
        details = ", ".join(f"{name}: {value}" for name, value in entry.details.items())
        lines.append(f"{entry.at.isoformat()}  {entry.name}" + (f"  ({details})" if details else ""))
    return "\n".join(lines).rstrip() + "\n"


def _facts(endpoint: Endpoint) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("Id", endpoint.id),
        ("EndpointStatus", endpoint.status),
        ("OptOut", endpoint.opt_out),
        ("CohortId", endpoint.cohort),
        ("CreationDate", endpoint.created.isoformat()),
        ("EffectiveDate", endpoint.effective.isoformat()),
    ]
    facts += [("User.UserId", endpoint.user_id)] if endpoint.user_id else []
    facts += endpoint.fields.items()
    facts += ((f"Attributes.{name}", ", ".join(values)) for name, values in endpoint.attributes.items())
    facts += ((f"Metrics.{name}", f"{value:g}") for name, value in endpoint.metrics.items())
    facts += ((f"User.UserAttributes.{name}", ", ".join(values)) for name, values in endpoint.user_attributes.items())
    return facts
