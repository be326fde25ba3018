"""What a campaign can be made of, as lines of a picker."""

from collections.abc import Sequence
from typing import Final

from pydantic import TypeAdapter

from workbench.engine.definitions import Stored
from workbench.gui.parts.picker import Choice
from workbench.plan.channel import Channel, FolderChannel, SandboxChannel
from workbench.plan.template import Template
from workbench.plan.words import tr

_CHANNEL: Final[TypeAdapter[Channel]] = TypeAdapter(Channel)
#: Picked where no sandbox is stored yet: one is made.
SANDBOX: Final = "new sandbox"


def segment_choices(stored: Sequence[Stored]) -> tuple[Choice, ...]:
    """Everyone, then the segments."""
    return (Choice("", tr("Everyone")), *(Choice(item.id, _name(item.name)) for item in stored))


def template_choices(stored: Sequence[Stored]) -> tuple[Choice, ...]:
    """The templates with their subjects."""
    return tuple(Choice(item.id, _name(item.name), Template.from_json(item.json_text).subject) for item in stored)


def channel_choices(stored: Sequence[Stored]) -> tuple[Choice, ...]:
    """The sandbox first, whether it exists yet or not; then the others."""
    sandboxes, others = [], []
    for item in stored:
        match _CHANNEL.validate_json(item.json_text):
            case SandboxChannel():
                sandboxes.append(Choice(item.id, _name(item.name), tr("stays on this machine")))
            case FolderChannel():
                others.append(Choice(item.id, _name(item.name), tr("folder")))
            case channel:
                others.append(Choice(item.id, _name(item.name), channel.host))
    return (*(sandboxes or [Choice(SANDBOX, tr("Sandbox"), tr("stays on this machine"))]), *others)


def _name(name: str) -> str:
    return name or tr("(no name)")
