"""What the sender tells of itself."""

from typing import Literal

from workbench.plan.definition import Answer


class SenderState(Answer):
    """What is being sent, summed over the runs in the most active state that one of them is in.

    Attributes:
        state: of a run that is sending before one that waits for its time to undo, before one that is paused.
        done: messages that are settled.
        total: messages planned.
        retrying: messages that wait for another try.
        paused: runs that are paused beside these.
        rate: messages per second over the last seconds.
        name: the campaign, where there is one; the first of several.
    """

    state: Literal["idle", "sending", "paused", "waiting"]
    done: int = 0
    total: int = 0
    retrying: int = 0
    paused: int = 0
    rate: float = 0.0
    name: str = ""
