"""What the sender tells of itself."""

from typing import Literal

from workbench.plan.definition import Answer


class SenderState(Answer):
    """What is being sent, summed over the runs that have not ended.

    Attributes:
        done: messages that are settled.
        total: messages planned.
        rate: messages per second over the last seconds.
        name: the campaign, where there is one; the first of several.
    """

    state: Literal["idle", "sending", "paused", "waiting"]
    done: int = 0
    total: int = 0
    rate: float = 0.0
    name: str = ""
