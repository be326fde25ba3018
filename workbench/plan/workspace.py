"""What a workspace says of itself."""

from zoneinfo import available_timezones

from workbench.plan.channel import bad_address, is_address
from workbench.plan.definition import Definition
from workbench.plan.problem import Problem
from workbench.plan.words import N_, Words


class Workspace(Definition):
    """Name, time zone and sender identity of one project."""

    name: str = "My workspace"
    timezone: str = "UTC"
    sender_name: str = ""
    sender_address: str = ""
    postal_address: str = ""


def check(workspace: Workspace) -> tuple[Problem, ...]:
    """Problems of the settings, each at its field."""
    found = []
    if not workspace.name.strip():
        found.append(Problem("name", Words(N_("The workspace has no name.")), Words(N_("Type one."))))
    if workspace.timezone not in available_timezones():
        found.append(
            Problem(
                "timezone",
                Words(N_("“{zone}” is not a time zone."), {"zone": workspace.timezone}),
                Words(N_("Choose one such as Europe/Berlin.")),
            )
        )
    if workspace.sender_address and not is_address(workspace.sender_address.strip()):
        found.append(bad_address("sender_address", workspace.sender_address))
    return tuple(found)
