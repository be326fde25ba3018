"""A campaign: this message to these people through that account."""

from datetime import datetime
from typing import Literal

from workbench.plan.definition import Answer, Definition
from workbench.plan.problem import Problem
from workbench.plan.words import N_, Words

#: Why a member of the audience gets the message or does not, in the order the gates are asked.
Decision = Literal[
    "planned", "inactive", "opted_out", "no_address", "wrong_channel", "duplicate_address", "bad_address"
]
#: Where one message stands.
MessageState = Literal[
    "left_out", "planned", "claimed", "retrying", "accepted", "failed", "unknown", "cancelled", "render_failed",
]  # fmt: skip
#: Where a run of a campaign stands. `waiting` is the time to undo.
RunState = Literal["waiting", "sending", "paused", "cancelled", "finished"]


class Campaign(Definition):
    """Ids of the segment (empty: everyone), the template and the channel.

    The sender overrides the channel's, which overrides the workspace's, where it is given.
    """

    name: str = ""
    segment_id: str = ""
    template_id: str = ""
    channel_id: str = ""
    from_name: str = ""
    from_address: str = ""
    reply_to: str = ""


class Recipient(Answer):
    """One of the first recipients, as the launch sheet shows them."""

    endpoint_id: str
    address: str
    subject: str


class LaunchSheet(Answer):
    """What a launch would do now.

    Attributes:
        matching: members of the audience.
        planned: of these, who would get the message.
        left_out: the others by decision.
        sender: the From header.
        problems: what stands in the way, as `(where, text, fix, blocks)`.
        first: the first recipients.
        seconds: how long sending takes at the channel's rate; None where no rate is set.
    """

    matching: int
    planned: int
    left_out: dict[str, int]
    sender: str
    channel: str
    problems: tuple[tuple[str, str, str, bool], ...]
    first: tuple[Recipient, ...]
    seconds: float | None


class RunStatus(Answer):
    """A run of a campaign in figures; `states` counts messages by `MessageState`, `left_out` by `Decision`."""

    run_id: str
    campaign_id: str
    name: str
    state: RunState
    reason: str
    created: datetime
    starts: datetime
    finished: datetime | None
    matching: int
    planned: int
    left_out: dict[str, int]
    states: dict[str, int]
    rate: float = 0.0


class OutboxRow(Answer):
    """One durable row: this message and this person.

    `name` is the person's where attributes tell it. `words` are the server's last ones, plain text, where `code` is a
    reply's; without one they are the program's own.
    """

    run_id: str
    ordinal: int
    endpoint_id: str
    address: str
    decision: Decision
    state: MessageState
    attempts: int
    at: datetime
    next_try: datetime | None
    words: str
    name: str = ""
    code: int = 0


class OutboxPage(Answer):
    """A block of outbox rows and how many there are in all."""

    offset: int
    total: int
    rows: tuple[OutboxRow, ...]


def check(campaign: Campaign) -> tuple[Problem, ...]:
    """Problems of the definition alone; what stands in the store is checked at launch."""
    found = []
    if not campaign.name.strip():
        found.append(Problem("name", Words(N_("The campaign has no name.")), Words(N_("Type one."))))
    if not campaign.template_id:
        found.append(Problem("template_id", Words(N_("No message is chosen.")), Words(N_("Choose a template."))))
    if not campaign.channel_id:
        found.append(
            Problem("channel_id", Words(N_("No channel is chosen.")), Words(N_("Choose one to send through.")))
        )
    return tuple(found)
