"""What a workspace says of itself."""

from zoneinfo import available_timezones

from workbench.plan.channel import bad_address, is_address
from workbench.plan.definition import Definition
from workbench.plan.edit import PER_USER
from workbench.plan.problem import Problem
from workbench.plan.words import N_, Words

_MOST_PER_USER = 1000


class Workspace(Definition):
    """Name, time zone and sender identity of one project, and how many endpoints may share a user."""

    name: str = "My workspace"
    timezone: str = "UTC"
    sender_name: str = ""
    sender_address: str = ""
    postal_address: str = ""
    endpoints_per_user: int = PER_USER


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
    if not 1 <= workspace.endpoints_per_user <= _MOST_PER_USER:
        words = Words(N_("A person has from 1 to {most} addresses."), {"most": _MOST_PER_USER})
        found.append(Problem("endpoints_per_user", words))
    return tuple(found)
